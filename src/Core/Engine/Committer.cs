using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Runs;
using Etl.Core.State;
using Polly;

namespace Etl.Core.Engine;

/// <summary>Loads what was staged: every receipt is there, the counts add up, one load a sink.</summary>
internal sealed class Committer(Pipeline pipeline, PipelineLease lease, ResiliencePipeline retry)
{
    /// <summary>One receipt a load sink.</summary>
    /// <exception cref="ServiceException">A load failed, or loaded another number of rows than was staged.</exception>
    public async Task<IReadOnlyList<LoadReceipt>> CommitAsync(RunManifest run, IReadOnlyList<StageReceipt> receipts, CancellationToken cancel)
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
                    return await sink.CommitAsync(run, receipts, stop).ConfigureAwait(false);
                },
                cancel).ConfigureAwait(false);
            if (rows.Staged is { } staged && load.Rows != staged)
                throw new ServiceException($"{load.Target} reports {load.Rows:N0} rows loaded by {load.Job}, but {staged:N0} were staged. Look at the job before you run again.", transient: false);
            loads.Add(load);
        }

        return loads;
    }
}
