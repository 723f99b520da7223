namespace Etl.Core.Engine;

/// <summary>
/// Asks a run to end before it is done, because its process has to: a time limit is near, or a machine is taken away. First nothing new is begun and the splits
/// under way are finished; after a grace they are dropped. What is staged has its receipt, so that the next run goes on from there. Safe from any thread.
/// </summary>
/// <param name="time">The clock.</param>
public sealed class RunStop(TimeProvider time) : IDisposable
{
    private readonly CancellationTokenSource requested = new(Timeout.InfiniteTimeSpan, time);
    private readonly CancellationTokenSource forced = new(Timeout.InfiniteTimeSpan, time);

    /// <summary>Whether nothing new may be begun.</summary>
    public bool IsRequested => requested.IsCancellationRequested;

    /// <summary>Cancelled when what is under way is dropped.</summary>
    internal CancellationToken Forced => forced.Token;

    /// <summary>From now on nothing new is begun, and after <paramref name="grace"/> what is under way is dropped.</summary>
    public void Request(TimeSpan grace)
    {
        requested.Cancel();
        forced.CancelAfter(grace);
    }

    /// <summary>Asks so in time to be over after <paramref name="left"/>.</summary>
    /// <param name="left">How long the run may still take.</param>
    /// <param name="grace">How long before that nothing new is begun.</param>
    public void RequestWithin(TimeSpan left, TimeSpan grace)
    {
        requested.CancelAfter(left > grace ? left - grace : TimeSpan.Zero);
        forced.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);
    }

    /// <summary>Whether <paramref name="error"/> is how work ended that was asked to.</summary>
    internal bool IsWhy(Exception error) => IsRequested && (error is OperationCanceledException || (error is IOException && forced.IsCancellationRequested));

    /// <summary>To be called where a run can end with everything saved.</summary>
    /// <exception cref="OperationCanceledException">Nothing new may be begun.</exception>
    internal void ThrowIfRequested() => requested.Token.ThrowIfCancellationRequested();

    /// <inheritdoc/>
    public void Dispose()
    {
        requested.Dispose();
        forced.Dispose();
    }
}
