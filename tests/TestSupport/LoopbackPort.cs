using System.Net;
using System.Net.Sockets;

namespace Etl.TestSupport;

/// <summary>Ports of the loopback address.</summary>
public static class LoopbackPort
{
    /// <summary>One where nobody listens now.</summary>
    public static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
