using Etl.Core.Contracts;
using Etl.Core.Runs;
using Etl.Core.State;

namespace Etl.Core.Engine;

/// <summary>The ledger once a run is committed: written before the state names it.</summary>
internal static class LedgerAfter
{
    public static async Task<IReadOnlyList<LedgerSegment>> WriteAsync(RunRecords records, PipelineState state, IncrementalMode mode, RunManifest run, CancellationToken cancel)
    {
        var store = new LedgerStore(records);
        var entries = run.Splits.Select(s => s.Object).DistinctBy(o => o.Uri).Select(o => new LedgerEntry(o.Uri, o.Version, o.Modified)).ToList();
        if (mode == IncrementalMode.Full) return await store.AppendAsync([], state.Generation, entries.ToAsyncEnumerable(), entries.Count, cancel).ConfigureAwait(false);
        if (run.Watermark is not { } mark) return await store.AppendAsync(state.Ledger, state.Generation, entries.ToAsyncEnumerable(), entries.Count, cancel).ConfigureAwait(false);

        // Below the watermark, the watermark is the memory. What is wanted stays so unless this run loaded it.
        return await store.RewriteAsync(state.Ledger, new Keep(mark), state.Generation, entries, cancel).ConfigureAwait(false);
    }
}
