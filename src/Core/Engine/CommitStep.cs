using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Runs;
using Etl.Core.State;
using Etl.Core.Telemetry;
using Polly;

namespace Etl.Core.Engine;

/// <summary>The last step of a run: every receipt is there, the counts add up, one load a sink; then the state moves, and the lease is let go.</summary>
internal sealed class CommitStep(Pipeline pipeline, RunRecords records, RunProgress progress, ResiliencePipeline retry)
{
    /// <summary>One receipt a load sink, and how many assertions hold.</summary>
    /// <exception cref="DataException">An assertion is not true of the staged rows.</exception>
    /// <exception cref="ServiceException">A load failed, or loaded another number of rows than was staged.</exception>
    public async Task<(IReadOnlyList<LoadReceipt> Loads, int Assertions)> CommitAsync(RunManifest run, IReadOnlyList<StageReceipt> receipts, PipelineLease lease, CancellationToken cancel)
    {
        // A run that was left while it was loading has passed already.
        var asserted = lease.State.Open is { Phase: OpenPhase.Loading } ? 0 : await new Assertions(pipeline, retry).CheckAsync(run, receipts, lease.State.Generation, cancel).ConfigureAwait(false);
        await lease.MoveAsync(state => state with { Open = new OpenRun(run.RunId, OpenPhase.Loading) }, cancel).ConfigureAwait(false);
        var loads = await LoadAsync(run, receipts, lease, cancel).ConfigureAwait(false);
        var ledger = await LedgerAfter.WriteAsync(records, lease.State, pipeline.Mode, run, cancel).ConfigureAwait(false);
        await records.WriteReportAsync(RunReport.Of(run, receipts, loads, progress, pipeline.Time.GetUtcNow()), cancel).ConfigureAwait(false);
        await lease.CompleteAsync(
            state => state with { Open = null, LastRun = run.RunId, LastCommit = pipeline.Time.GetUtcNow(), Ledger = ledger, Watermark = run.Watermark ?? state.Watermark, Columns = KnownTypes.After(state.Columns, run.SourceSchema), SchemaChanges = SchemaHistory.Append(state.SchemaChanges, run, pipeline.Time.GetUtcNow()) },
            cancel).ConfigureAwait(false);
        return (loads, asserted);
    }

    private async Task<IReadOnlyList<LoadReceipt>> LoadAsync(RunManifest run, IReadOnlyList<StageReceipt> receipts, PipelineLease lease, CancellationToken cancel)
    {
        var rows = RowCounts.Sum(receipts);
        if (receipts.Count != run.Splits.Count || !rows.AddUp)
            throw new InvalidOperationException($"Run {run.RunId} has {receipts.Count} receipts for {run.Splits.Count} splits, with {rows}.");

        var loads = new List<LoadReceipt>();
        foreach (var sink in pipeline.Loads)
        {
            var load = await retry.ExecuteAsync(
                async stop =>
                {
                    await lease.ConfirmAsync(stop).ConfigureAwait(false);
                    return await RunTelemetry.SpanAsync("load", "etl.run", run.RunId, () => sink.CommitAsync(run, receipts, stop).AsTask()).ConfigureAwait(false);
                },
                cancel).ConfigureAwait(false);
            if (rows.Staged is { } staged && load.Rows != staged)
                throw new ServiceException($"{load.Target} reports {load.Rows:N0} rows loaded by {load.Job}, but {staged:N0} were staged. Look at the job before you run again.", transient: false);
            loads.Add(load);
            RunTelemetry.Loaded(run, load.Rows, pipeline.Time.GetUtcNow());
        }

        return loads;
    }
}
