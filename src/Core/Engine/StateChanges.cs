using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.State;

namespace Etl.Core.Engine;

/// <summary>Changes by hand to what a pipeline remembers: each takes the lease, and is all or nothing.</summary>
public sealed class StateChanges
{
    private readonly Pipeline pipeline;
    private readonly LeaseTerms terms;
    private readonly RunRecords records;

    /// <summary>Changes to the state of <paramref name="pipeline"/>, its lease taken as <paramref name="terms"/> say.</summary>
    public StateChanges(Pipeline pipeline, LeaseTerms terms)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        (this.pipeline, this.terms, records) = (pipeline, terms, pipeline.Records());
    }

    /// <summary>Forgets ledger, watermark and open run, or only the open run: the next run loads every object that is there. What was loaded stays in the table.</summary>
    public async Task ResetAsync(bool onlyOpenRun, CancellationToken cancel)
    {
        var lease = await PipelineLease.TakeAsync(records, terms, pipeline.Time, cancel).ConfigureAwait(false);
        await using var _ = lease.ConfigureAwait(false);
        await lease.CompleteAsync(
            state => onlyOpenRun ? state with { Open = null, Repeats = state.Repeats + 1 } : state with { Open = null, Repeats = state.Repeats + 1, Ledger = [], Watermark = null },
            cancel).ConfigureAwait(false);
    }

    /// <summary>Counts listed objects as loaded, in the version they have now, without reading them.</summary>
    /// <param name="chosen">Which.</param>
    /// <param name="cancel">Stops; nothing is changed then.</param>
    /// <returns>How many.</returns>
    public async Task<int> MarkLoadedAsync(Func<SourceObject, bool> chosen, CancellationToken cancel)
    {
        var lease = await TakeAsync("marked", cancel).ConfigureAwait(false);
        await using var _ = lease.ConfigureAwait(false);
        var count = 0;
        var entries = pipeline.Source.ListAsync(cancel).Where(chosen).Select(o =>
        {
            count++;
            return new LedgerEntry(o.Uri, o.Version, o.Modified);
        });
        var store = new LedgerStore(records);
        var ledger = await store.AppendAsync(lease.State.Ledger, lease.State.Generation, entries, LedgerStore.Full, cancel).ConfigureAwait(false);
        if (count > 0) await MoveAsync(lease, store, ledger, cancel).ConfigureAwait(false);
        return count;
    }

    /// <summary>Has objects loaded again by the next run that earlier runs loaded. It removes nothing from the table.</summary>
    /// <param name="chosen">Which.</param>
    /// <param name="confirm">Asked with what was found before anything is changed.</param>
    /// <param name="cancel">Stops; nothing is changed then.</param>
    /// <returns>The objects; they are marked only if <paramref name="confirm"/> said so.</returns>
    public async Task<IReadOnlyList<SourceObject>> LoadAgainAsync(Func<SourceObject, bool> chosen, Func<IReadOnlyList<SourceObject>, bool> confirm, CancellationToken cancel)
    {
        var lease = await TakeAsync("loaded again", cancel).ConfigureAwait(false);
        await using var _ = lease.ConfigureAwait(false);
        var store = new LedgerStore(records);
        var known = await store.ReadAsync(lease.State.Ledger, cancel).ConfigureAwait(false);
        bool IsLoaded(SourceObject o) => known.Find(o) switch
        {
            LedgerAnswer.Wanted => false,
            LedgerAnswer.Unknown => lease.State.Watermark?.Covers(o) == true,
            _ => true,
        };
        var again = await pipeline.Source.ListAsync(cancel).Where(o => chosen(o) && IsLoaded(o)).ToListAsync(cancel).ConfigureAwait(false);
        if (again.Count == 0 || !confirm(again)) return again;
        var entries = again.Select(o => new LedgerEntry(o.Uri, null, null)).ToAsyncEnumerable();
        await MoveAsync(lease, store, await store.AppendAsync(lease.State.Ledger, lease.State.Generation, entries, again.Count, cancel).ConfigureAwait(false), cancel).ConfigureAwait(false);
        return again;
    }

    private async Task<PipelineLease> TakeAsync(string done, CancellationToken cancel)
    {
        if (pipeline.Mode == IncrementalMode.Full)
            throw new DataException($"Every run of {pipeline.Name} reads all objects (incremental: full, the default with write: replace and replace_partitions), so none can be {done}.");
        var lease = await PipelineLease.TakeAsync(records, terms, pipeline.Time, cancel).ConfigureAwait(false);
        if (lease.State.Open is not { Phase: OpenPhase.Loading } open) return lease;
        await lease.DisposeAsync().ConfigureAwait(false);
        throw new DataException($"Run {open.Run} was left while it was loading, and what it read is not in the ledger yet. Finish it first with `etl run`.");
    }

    // Entries that later ones replaced are carried along until they are most of the ledger.
    private static async Task MoveAsync(PipelineLease lease, LedgerStore store, IReadOnlyList<LedgerSegment> ledger, CancellationToken cancel)
    {
        var known = await store.ReadAsync(ledger, cancel).ConfigureAwait(false);
        if (ledger.Sum(s => (long)s.Objects) > 2L * known.Count + LedgerStore.Full)
            ledger = await store.RewriteAsync(ledger, Keep.All, lease.State.Generation, [], cancel).ConfigureAwait(false);
        await lease.CompleteAsync(state => state with { Ledger = ledger, Repeats = state.Repeats + 1 }, cancel).ConfigureAwait(false);
    }
}
