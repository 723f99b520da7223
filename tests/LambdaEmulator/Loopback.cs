using System.Net;
using System.Net.Sockets;

namespace Etl.LambdaEmulator;

/// <summary>Opens a port that is free.</summary>
internal static class Loopback
{
    /// <summary>A listener, and its address with the port.</summary>
    public static (HttpListener Listener, string Address) Listen()
    {
        while (true)
        {
            using var probe = new TcpListener(IPAddress.Loopback, 0);
            probe.Start();
            var address = probe.LocalEndpoint.ToString()!;
            probe.Stop();
            var listener = new HttpListener { Prefixes = { $"http://{address}/" } };
            try
            {
                listener.Start();
                return (listener, address);
            }
            catch (HttpListenerException)
            {
                // Somebody was faster.
            }
        }
    }
}
