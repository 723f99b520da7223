using Etl.Core.Contracts;
using Etl.Core.Runs;
using Etl.Core.Schemas;
using Etl.Core.State;
using Polly;

namespace Etl.Core.Engine;

/// <summary>Stages all splits of a run, several side by side, and judges the rejects.</summary>
internal sealed class Stager(Pipeline pipeline, RunRecords records, RunProgress progress, ResiliencePipeline retry, int parallelism)
{
    /// <summary>One receipt a split, in split order.</summary>
    /// <exception cref="Errors.DataException">More rows were rejected than the pipeline allows.</exception>
    public async Task<IReadOnlyList<StageReceipt>> StageAsync(RunManifest run, CancellationToken cancel)
    {
        progress.Expect(run.Splits.Count, run.Splits.Sum(s => s.Range.Length ?? s.Object.Length));
        var transforms = Bind(pipeline.Transforms, run.SourceSchema);
        var staged = new StageReceipt[run.Splits.Count];

        async Task<StageReceipt> RetryAsync(Func<StageTask, CancellationToken, Task<StageReceipt>> stage, CancellationToken stop) =>
            await retry.ExecuteAsync(async token => await stage(new StageTask(pipeline, run, transforms, records, new RejectBudget(pipeline.Rejects), progress), token).ConfigureAwait(false), stop).ConfigureAwait(false);

        await Parallel.ForEachAsync(
            run.Splits,
            new ParallelOptions { MaxDegreeOfParallelism = parallelism, CancellationToken = cancel },
            async (split, stop) =>
            {
                staged[split.Index] = await RetryAsync((task, token) => task.RunAsync(split, token), stop).ConfigureAwait(false);
                progress.SplitDone();
            }).ConfigureAwait(false);

        while (SplitChain.FirstBreak(run, staged) is var (split, startsAt))
            staged[split.Index] = await RetryAsync((task, token) => task.CorrectAsync(split, startsAt, token), cancel).ConfigureAwait(false);
        var receipts = await DeadLetterLines.SettleAsync(run, staged, records, cancel).ConfigureAwait(false);

        if (RowCounts.Sum(receipts) is { Rejected: { } rejected, Read: { } read })
            new RejectBudget(pipeline.Rejects).Judge(rejected, read, receipts.SelectMany(r => r.DeadLetters).FirstOrDefault());
        return receipts;
    }

    /// <summary>The transforms, each bound to what the one before it gives.</summary>
    public static IReadOnlyList<BoundTransform> Bind(IReadOnlyList<ITransform> transforms, TableSchema schema)
    {
        var bound = new List<BoundTransform>();
        foreach (var transform in transforms)
        {
            bound.Add(transform.Bind(schema));
            schema = bound[^1].Output;
        }

        return bound;
    }
}
