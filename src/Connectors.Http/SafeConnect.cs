using System.Net;
using System.Net.Sockets;
using Etl.Core.Errors;

namespace Etl.Connectors.Http;

/// <summary>Connects, but never to link-local addresses, where clouds give a machine its credentials (169.254.169.254 and its kin): whoever can change a URL, a redirect or a DNS name must not reach them. The name is looked up once, and what was looked at is what is connected to.</summary>
internal static class SafeConnect
{
    private static readonly IPAddress[] Metadata = [IPAddress.Parse("fd00:ec2::254"), IPAddress.Parse("fd00:ec2::23"), IPAddress.Parse("fd20:ce::254")];

    /// <summary>A connection for <see cref="SocketsHttpHandler.ConnectCallback"/>.</summary>
    public static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        var addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancel).ConfigureAwait(false);
        if (addresses.FirstOrDefault(IsForbidden) is not null)
            throw new ServiceException($"{context.DnsEndPoint.Host} is a link-local address, where clouds give a machine its credentials. The http source does not read from there.", transient: false);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, cancel).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Whether an address is one of them.</summary>
    public static bool IsForbidden(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetwork ? address.GetAddressBytes() is [169, 254, ..] : address.IsIPv6LinkLocal || Metadata.Contains(address);
    }
}
