using System.Net;
using System.Net.Sockets;

namespace Etl.TestSupport;

/// <summary>Ports of the loopback address, for programs that must be told theirs.</summary>
public static class LoopbackPort
{
    // Below the range that Linux gives to connections and to listeners that ask for any port (32768 and above): one of those would be taken by the tests
    // running beside, in the ten seconds that some programs need until they listen.
    private const int First = 20_000;
    private const int End = 32_768;

    // The tests' processes begin at different places; within one, each port is given once.
    private static int given = Environment.ProcessId * 97;

    /// <summary>One where nobody listens now, and which the system gives to nobody of its own accord.</summary>
    public static int Free()
    {
        while (true)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref given) % (End - First));
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // Another.
            }
        }
    }
}
