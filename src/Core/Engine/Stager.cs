using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Runs;
using Etl.Core.Schemas;
using Etl.Core.State;
using Polly;

namespace Etl.Core.Engine;

/// <summary>Stages all splits of a run, several side by side, and judges the rejects.</summary>
internal sealed class Stager(Pipeline pipeline, RunRecords records, RunProgress progress, ResiliencePipeline retry, int parallelism, RunStop stop)
{
    /// <summary>One receipt a split, in split order. A split that was misled about its first record is staged again from where the one before it ended.</summary>
    /// <exception cref="OperationCanceledException">Cancelled, or asked to stop and not all of them are staged.</exception>
    /// <exception cref="DataException">More rows were rejected than the pipeline allows.</exception>
    /// <exception cref="SchemaBrokenException">A value does not fit a type that was guessed from samples.</exception>
    public async Task<IReadOnlyList<StageReceipt>> StageAsync(RunManifest run, CancellationToken cancel)
    {
        progress.Expect(run.Splits.Count, run.Splits.Sum(s => s.Range.Length ?? s.Object.Length));
        var transforms = Bind(pipeline.Transforms, run.SourceSchema);
        var staged = new StageReceipt?[run.Splits.Count];
        var failed = new bool[run.Splits.Count];
        var attempts = new AttemptProgress?[run.Splits.Count];

        async Task<StageReceipt?> RetryAsync(Split split, Func<StageTask, CancellationToken, Task<StageReceipt?>> stage, CancellationToken cancelled) =>
            await retry.ExecuteAsync(
                async token =>
                {
                    attempts[split.Index]?.TakeBack();
                    var attempt = attempts[split.Index] = new AttemptProgress(progress);
                    return await stage(new StageTask(pipeline, run, transforms, records, new RejectBudget(pipeline.Rejects), attempt), token).ConfigureAwait(false);
                },
                cancelled).ConfigureAwait(false);

        while (staged.Contains(null))
        {
            await Parallel.ForEachAsync(
                run.Splits.Where(s => staged[s.Index] is null),
                new ParallelOptions { MaxDegreeOfParallelism = parallelism, CancellationToken = cancel },
                async (split, token) =>
                {
                    if (stop.IsRequested) return;
                    // What failed is looked into before what comes after it is begun: most likely it fails again, and the run with it.
                    if (failed.AsSpan(0, split.Index + 1).Contains(true)) return;
                    staged[split.Index] = await RetryAsync(split, (task, attempt) => task.RunAsync(split, attempt), token).ConfigureAwait(false);
                    if (staged[split.Index] is null) failed[split.Index] = true;
                    else progress.SplitDone();
                }).ConfigureAwait(false);

            if (staged.Contains(null)) stop.ThrowIfRequested();
            while (SplitChain.FirstBreak(run, staged, failed) is var (split, start))
            {
                stop.ThrowIfRequested();
                try
                {
                    staged[split.Index] = await RetryAsync(split, async (task, token) => await task.CorrectAsync(split, start, token).ConfigureAwait(false), cancel).ConfigureAwait(false);
                }
                catch (SchemaBrokenException e) when (e.LineFrom is not null)
                {
                    throw e.After(SplitChain.LinesBefore(run, staged, split));
                }

                if (failed[split.Index]) progress.SplitDone();
                failed[split.Index] = false;
            }
        }

        var receipts = await DeadLetterLines.SettleAsync(run, staged!, records, cancel).ConfigureAwait(false);

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
