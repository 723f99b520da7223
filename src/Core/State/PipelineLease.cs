using System.Security.Cryptography;
using Etl.Core.Errors;

namespace Etl.Core.State;

/// <summary>
/// The right to work on a pipeline, held from <see cref="TakeAsync"/> until it is disposed. The lease and the state are one document, so whoever lost the lease
/// cannot move the state: the document has another version by then. Clocks only decide when a silent holder is given up. Safe from any thread.
/// </summary>
public sealed class PipelineLease : IAsyncDisposable
{
    private static readonly TimeSpan ReleasePatience = TimeSpan.FromSeconds(10);
    // Writes refused in turn while the state stays as it was: more are no chance, but a server that compares wrongly.
    private const int MostRefusals = 5;
    private readonly RunRecords records;
    private readonly TimeProvider time;
    private readonly TimeSpan duration;
    private readonly SemaphoreSlim turn = new(1);
    private readonly CancellationTokenSource lost = new();
    private readonly CancellationTokenSource done = new();
    private readonly Task renewals;
    private string? version;
    private long confirmed;
    private LeaseException? loss;

    private PipelineLease(RunRecords records, TimeProvider time, TimeSpan duration, PipelineState state, string version, long confirmed)
    {
        (this.records, this.time, this.duration, State, this.version, this.confirmed) = (records, time, duration, state, version, confirmed);
        renewals = RenewAsync();
    }

    /// <summary>The state as this holder last wrote it.</summary>
    public PipelineState State { get; private set; }

    /// <summary>Cancelled when another holder took over.</summary>
    public CancellationToken Lost => lost.Token;

    /// <summary>Takes the lease: at once when it is free, given up, or its holder was a process of this machine that is gone; otherwise as <paramref name="terms"/> say.</summary>
    /// <exception cref="LeaseException">Another holder is at work, and was for as long as there was to wait.</exception>
    public static async Task<PipelineLease> TakeAsync(RunRecords records, LeaseTerms terms, TimeProvider time, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(records);
        ArgumentNullException.ThrowIfNull(terms);
        ArgumentNullException.ThrowIfNull(time);
        var started = time.GetTimestamp();
        (string? Version, long Since) unchanged = (null, started);
        var told = false;
        while (true)
        {
            var found = await records.ReadStateAsync(cancel).ConfigureAwait(false);
            if (found.Version != unchanged.Version) unchanged = (found.Version, time.GetTimestamp());
            if (found.State.Lease is not { } other || IsGivenUp(other, time, unchanged.Since) || ProcessMark.IsGone(other))
            {
                if (await TryTakeAsync(records, found, terms, time, cancel).ConfigureAwait(false) is { } lease) return lease;
                continue;
            }

            var waited = time.GetElapsedTime(started);
            if (terms.Wait != Timeout.InfiniteTimeSpan && waited >= terms.Wait)
                throw new LeaseException($"{records.Pipeline} is being worked on by {other}. It holds the pipeline until {other.Until:HH:mm:ss} UTC and renews that while it lives; a holder that was killed is given up {other.Patience.TotalSeconds:0} seconds after its last sign of life. {(terms.Wait == TimeSpan.Zero ? "Run again later, or wait for it with --wait." : $"Waited {waited.TotalSeconds:0} seconds; nothing was done.")}");
            if (!told) terms.Waiting?.Invoke($"waiting for {other}");
            told = true;
            var left = terms.Wait == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : terms.Wait - waited;
            await Task.Delay(Min(left, Spread(TimeSpan.FromSeconds(Math.Clamp(other.Patience.TotalSeconds / 30, 0.2, 3)))), time, cancel).ConfigureAwait(false);
        }
    }

    /// <summary>Moves the state, and renews the lease with it.</summary>
    /// <exception cref="LeaseException">Another holder took over; nothing was moved.</exception>
    public Task MoveAsync(Func<PipelineState, PipelineState> change, CancellationToken cancel) =>
        WriteAsync(state => change(state) with { Lease = Renewed(state.Lease ?? throw new InvalidOperationException("The lease was let go of.")) }, cancel);

    /// <summary>Moves the state for the last time and lets go of the pipeline, in one write.</summary>
    /// <exception cref="LeaseException">Another holder took over; nothing was moved.</exception>
    public Task CompleteAsync(Func<PipelineState, PipelineState> change, CancellationToken cancel) =>
        WriteAsync(state => change(state) with { Lease = null }, cancel);

    /// <summary>Makes sure, before a step that others could see, that the lease was held a moment ago.</summary>
    /// <exception cref="LeaseException">Another holder took over.</exception>
    public async Task ConfirmAsync(CancellationToken cancel)
    {
        if (loss is not null) throw loss;
        if (time.GetElapsedTime(Interlocked.Read(ref confirmed)) >= duration / 2) await MoveAsync(state => state, cancel).ConfigureAwait(false);
    }

    /// <summary>The failure to report when <see cref="Lost"/> was cancelled.</summary>
    public LeaseException? Loss => loss;

    /// <summary>Lets go. When the store cannot be reached the lease ends by itself.</summary>
    public async ValueTask DisposeAsync()
    {
        if (done.IsCancellationRequested) return;
        await done.CancelAsync().ConfigureAwait(false);
        await renewals.ConfigureAwait(false);
        await ReleaseAsync(state => state).ConfigureAwait(false);
        done.Dispose();
        lost.Dispose();
        turn.Dispose();
    }

    /// <summary>Lets go with a last change, when the lease is still held and the store can be reached; says nothing otherwise, since what went wrong before is what matters to the person.</summary>
    internal async ValueTask ReleaseAsync(Func<PipelineState, PipelineState> change)
    {
        if (loss is not null || State.Lease is null) return;
        using var patience = new CancellationTokenSource(ReleasePatience, time);
        try
        {
            await CompleteAsync(change, patience.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is EtlException or OperationCanceledException or IOException)
        {
        }
    }

    private static bool IsGivenUp(Lease lease, TimeProvider time, long unchangedSince) =>
        time.GetUtcNow() - lease.Renewed > lease.Patience || time.GetElapsedTime(unchangedSince) > lease.Patience;

    private static async Task<PipelineLease?> TryTakeAsync(RunRecords records, StoredState found, LeaseTerms terms, TimeProvider time, CancellationToken cancel)
    {
        var (now, before) = (time.GetUtcNow(), time.GetTimestamp());
        var lease = new Lease
        {
            Id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)),
            Command = terms.Command,
            Host = Environment.MachineName,
            Process = Environment.ProcessId,
            Mark = ProcessMark.Current,
            Since = now,
            Renewed = now,
            Until = now + terms.Duration,
        };
        var state = found.State with { Generation = found.State.Generation + 1, Lease = lease };
        if (found.OldLedger is { Count: > 0 } old)
            state = state with { Ledger = await new LedgerStore(records).AppendAsync([], state.Generation, old.Select(o => new LedgerEntry(o.Key, o.Value, null)).ToAsyncEnumerable(), old.Count, cancel).ConfigureAwait(false) };
        try
        {
            return new PipelineLease(records, time, terms.Duration, state, await records.WriteStateAsync(state, found.Version, cancel).ConfigureAwait(false), before);
        }
        catch (StateConflictException)
        {
            return null;
        }
    }

    private Lease Renewed(Lease lease) => lease with { Renewed = time.GetUtcNow(), Until = time.GetUtcNow() + duration };

    // A change to nothing is no write.
    private async Task WriteAsync(Func<PipelineState, PipelineState?> change, CancellationToken cancel)
    {
        await turn.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            for (var refusals = 0; ;)
            {
                if (loss is not null) throw loss;
                var before = time.GetTimestamp();
                if (change(State) is not { } next) return;
                try
                {
                    version = await records.WriteStateAsync(next, version, cancel).ConfigureAwait(false);
                    State = next;
                    Interlocked.Exchange(ref confirmed, before);
                    return;
                }
                catch (StateConflictException)
                {
                    var known = version;
                    await CatchUpAsync(cancel).ConfigureAwait(false);
                    if (version == known && ++refusals == MostRefusals)
                        throw new ServiceException($"The state of {records.Pipeline} is what it was when it was last read, and still each write is refused as if another had changed it: the server does not compare versions as its protocol says. Keep the state elsewhere (state: in the pipeline file).", transient: false);
                }
            }
        }
        finally
        {
            turn.Release();
        }
    }

    // A write of our own may have arrived though its answer did not: then the document still names us, and what we know goes over it.
    private async Task CatchUpAsync(CancellationToken cancel)
    {
        var found = await records.ReadStateAsync(cancel).ConfigureAwait(false);
        if (found.State.Lease?.Id == State.Lease?.Id)
        {
            version = found.Version;
            return;
        }

        loss = new LeaseException($"This process no longer holds {records.Pipeline}: it gave no sign of life for too long (paused, or cut off from its state), and {found.State.Lease?.ToString() ?? "another one"} went on in its place. Nothing was moved or loaded from here since.");
        await lost.CancelAsync().ConfigureAwait(false);
        throw loss;
    }

    private async Task RenewAsync()
    {
        using var timer = new PeriodicTimer(Spread(duration / 3), time);
        try
        {
            while (await timer.WaitForNextTickAsync(done.Token).ConfigureAwait(false))
                try
                {
                    // A tick may come between the last move and the end.
                    await WriteAsync(state => state.Lease is { } lease ? state with { Lease = Renewed(lease) } : null, done.Token).ConfigureAwait(false);
                }
                catch (Exception e) when (e is ServiceException or IOException)
                {
                    // The next tick tries again; a step that others could see asks first.
                }
        }
        catch (Exception e) when (e is OperationCanceledException or EtlException)
        {
            // Done; or lost, and whoever works under the lease was told; or the state cannot be read any more, which the next move says.
        }
    }

    // Up to a quarter earlier, so that many processes started at once do not ask at once.
    private static TimeSpan Spread(TimeSpan span) => span * (1 - RandomNumberGenerator.GetInt32(250) / 1000.0);

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
