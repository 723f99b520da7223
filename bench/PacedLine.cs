using System.Net;
using System.Net.Sockets;

namespace Etl.Bench;

/// <summary>A line to a service on which each connection sends no faster than a pace, as one TCP connection over a long way does; what comes back is not held up.</summary>
internal sealed class PacedLine : IAsyncDisposable
{
    private const int Piece = 64 << 10;
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly Uri target;
    private readonly long bytesPerSecond;
    private readonly Task accepting;

    /// <param name="target">The service.</param>
    /// <param name="bytesPerSecond">The pace of each connection.</param>
    public PacedLine(Uri target, long bytesPerSecond)
    {
        (this.target, this.bytesPerSecond) = (target, bytesPerSecond);
        listener.Start();
        accepting = AcceptAsync();
    }

    public string Address => $"http://{listener.LocalEndpoint}";

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await accepting;
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var lines = new List<Task>();
        try
        {
            while (true) lines.Add(CarryAsync(await listener.AcceptTcpClientAsync(stop.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(lines);
        }
    }

    private async Task CarryAsync(TcpClient client)
    {
        using var near = client;
        using var far = new TcpClient();
        // What the sender's kernel takes at once would else be gone before the pace is felt.
        near.ReceiveBufferSize = Piece;
        try
        {
            await far.ConnectAsync(target.Host, target.Port, stop.Token);
            await Task.WhenAny(PaceAsync(near.GetStream(), far.GetStream()), far.GetStream().CopyToAsync(near.GetStream(), stop.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or IOException)
        {
            // One end has hung up.
        }
    }

    private async Task PaceAsync(NetworkStream from, NetworkStream to)
    {
        var piece = new byte[Piece];
        var free = TimeProvider.System.GetUtcNow();
        while (await from.ReadAsync(piece, stop.Token) is var read and > 0)
        {
            await to.WriteAsync(piece.AsMemory(0, read), stop.Token);
            var now = TimeProvider.System.GetUtcNow();
            free = (free > now ? free : now) + TimeSpan.FromSeconds((double)read / bytesPerSecond);
            if (free - now > TimeSpan.FromMilliseconds(2)) await Task.Delay(free - now, stop.Token);
        }
    }
}
