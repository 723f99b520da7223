using System.Net;
using System.Net.Sockets;

namespace Etl.Acceptance.Tests;

/// <summary>A thin line to a service: what comes back over all its connections together passes at a pace, until it is opened wide.</summary>
internal sealed class SlowLine : IAsyncDisposable
{
    private const int Piece = 8 << 10;
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly SemaphoreSlim turn = new(1);
    private readonly Uri target;
    private readonly int bytesPerSecond;
    private readonly Task accepting;
    private volatile Func<bool>? wideUntil;

    public SlowLine(Uri target, int bytesPerSecond)
    {
        (this.target, this.bytesPerSecond) = (target, bytesPerSecond);
        listener.Start();
        accepting = AcceptAsync();
    }

    public string Address => $"http://{listener.LocalEndpoint}";

    /// <summary>From now on there is no pace.</summary>
    /// <param name="until">Asked before anything is passed on: once it holds the pace counts again.</param>
    public void Open(Func<bool>? until = null) => wideUntil = until ?? (() => false);

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await accepting;
        stop.Dispose();
        turn.Dispose();
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
        try
        {
            await far.ConnectAsync(target.Host, target.Port, stop.Token);
            await Task.WhenAny(near.GetStream().CopyToAsync(far.GetStream(), stop.Token), PaceAsync(far.GetStream(), near.GetStream()));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or IOException)
        {
            // One end has hung up.
        }
    }

    private async Task PaceAsync(NetworkStream from, NetworkStream to)
    {
        var piece = new byte[Piece];
        while (await from.ReadAsync(piece, stop.Token) is var read and > 0)
        {
            if (wideUntil?.Invoke() == true) wideUntil = null;
            if (wideUntil is null)
            {
                await turn.WaitAsync(stop.Token);
                try
                {
                    await Task.Delay(TimeSpan.FromSeconds((double)read / bytesPerSecond), stop.Token);
                }
                finally
                {
                    turn.Release();
                }
            }

            await to.WriteAsync(piece.AsMemory(0, read), stop.Token);
        }
    }
}
