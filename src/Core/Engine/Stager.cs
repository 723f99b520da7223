using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Runs;
using Etl.Core.Schemas;
using Etl.Core.State;
using Polly;

namespace Etl.Core.Engine;

/// <summary>Stages the splits of one run, several side by side, and makes sure in the end that they fit together.</summary>
internal sealed class Stager(Pipeline pipeline, RunManifest run, RunRecords records, RunProgress progress, ResiliencePipeline retry, int parallelism, RunStop stop)
{
    private readonly IReadOnlyList<BoundTransform> transforms = SchemaFit.Bind(pipeline.Transforms, run);
    private readonly StagedSplit[] staged = new StagedSplit[run.Splits.Count];
    private readonly AttemptProgress?[] attempts = new AttemptProgress?[run.Splits.Count];

    /// <summary>Stages all of the run: one receipt a split, in split order.</summary>
    /// <exception cref="OperationCanceledException">Cancelled, or asked to stop before all of it was begun.</exception>
    /// <exception cref="DataException">More rows were rejected than the pipeline allows.</exception>
    /// <exception cref="SchemaBrokenException">A value does not fit a type that was guessed from samples.</exception>
    public async Task<IReadOnlyList<StageReceipt>> StageAsync(CancellationToken cancel)
    {
        progress.Expect(run.Splits.Count, run.Splits.Sum(s => s.Bytes));
        while (staged.Any(s => s.Receipt is null))
        {
            await EachAsync(
                [.. run.Splits.Where(s => staged[s.Index].Receipt is null)],
                async (split, token) =>
                {
                    // What failed is looked into before what comes after it is begun: most likely it fails again, and the run with it.
                    if (!staged.Take(split.Index + 1).Any(s => s.Doubt is not null)) await StageAsync(split, token).ConfigureAwait(false);
                },
                cancel).ConfigureAwait(false);
            await MendAsync(cancel).ConfigureAwait(false);
        }

        return await SettleAsync(cancel).ConfigureAwait(false);
    }

    /// <summary>Stages the share of one task among several, as long as <paramref name="isOpen"/> says that the run is. What can only be decided with the split before it is left to the commit.</summary>
    /// <returns>The receipts of the share that there are.</returns>
    /// <exception cref="SchemaBrokenException">A value does not fit a type that was guessed from samples.</exception>
    public async Task<IReadOnlyList<StageReceipt>> StageAsync(IReadOnlyList<Split> share, Func<CancellationToken, ValueTask<bool>> isOpen, CancellationToken cancel)
    {
        progress.Expect(share.Count, share.Sum(s => s.Bytes));
        await EachAsync(
            share,
            async (split, token) =>
            {
                if (!await isOpen(token).ConfigureAwait(false)) return;
                await StageAsync(split, token).ConfigureAwait(false);
                if (staged[split.Index].Doubt is { } doubt) await records.WriteDoubtAsync(run.RunId, split.Index, doubt, token).ConfigureAwait(false);
            },
            cancel).ConfigureAwait(false);
        return [.. share.Select(s => staged[s.Index].Receipt).OfType<StageReceipt>()];
    }

    /// <summary>Completes what tasks staged: splits that were misled about their first record are staged again from where the one before them ended, and the rejects are judged.</summary>
    /// <returns>One receipt a split, in split order.</returns>
    /// <exception cref="DataException">More rows were rejected than the pipeline allows.</exception>
    /// <exception cref="SchemaBrokenException">A value does not fit a type that was guessed from samples.</exception>
    public async Task<IReadOnlyList<StageReceipt>> CompleteAsync(IReadOnlyList<StagedSplit> found, CancellationToken cancel)
    {
        for (var i = 0; i < staged.Length; i++) staged[i] = found[i];
        await MendAsync(cancel).ConfigureAwait(false);
        return await SettleAsync(cancel).ConfigureAwait(false);
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

    private async Task EachAsync(IReadOnlyList<Split> splits, Func<Split, CancellationToken, ValueTask> stage, CancellationToken cancel)
    {
        var begun = 0;
        await Parallel.ForEachAsync(
            splits.TakeWhile(_ => !stop.IsRequested),
            new ParallelOptions { MaxDegreeOfParallelism = parallelism, CancellationToken = cancel },
            (split, token) =>
            {
                Interlocked.Increment(ref begun);
                return stage(split, token);
            }).ConfigureAwait(false);
        if (begun < splits.Count) stop.ThrowIfRequested();
    }

    private async Task StageAsync(Split split, CancellationToken cancel)
    {
        staged[split.Index] = await RetryAsync(split, (task, token) => task.RunAsync(split, token), cancel).ConfigureAwait(false);
        if (staged[split.Index].Receipt is not null) progress.SplitDone();
    }

    private async Task MendAsync(CancellationToken cancel)
    {
        while (SplitChain.FirstBreak(run, staged) is var (split, start))
            try
            {
                stop.ThrowIfRequested();
                if (staged[split.Index].Receipt is null) progress.SplitDone();
                staged[split.Index] = new StagedSplit(await RetryAsync(split, (task, token) => task.CorrectAsync(split, start, token), cancel).ConfigureAwait(false), null);
            }
            catch (SchemaBrokenException e) when (e.LineFrom is not null)
            {
                throw e.After(SplitChain.LinesBefore(run, staged, split));
            }
    }

    private async Task<IReadOnlyList<StageReceipt>> SettleAsync(CancellationToken cancel)
    {
        var receipts = await DeadLetterLines.SettleAsync(run, [.. staged.Select(s => s.Receipt!)], records, cancel).ConfigureAwait(false);
        if (RowCounts.Sum(receipts) is { Rejected: { } rejected, Read: { } read })
            new RejectBudget(pipeline.Rejects).Judge(rejected, read, receipts.SelectMany(r => r.DeadLetters).FirstOrDefault());
        return receipts;
    }

    private async Task<T> RetryAsync<T>(Split split, Func<StageTask, CancellationToken, Task<T>> stage, CancellationToken cancel) =>
        await retry.ExecuteAsync(
            async token =>
            {
                attempts[split.Index]?.TakeBack();
                var attempt = attempts[split.Index] = new AttemptProgress(progress, split);
                try
                {
                    var metadata = await MetadataColumns.OfAsync(run, records, pipeline.Time, token).ConfigureAwait(false);
                    return await stage(new StageTask(pipeline, run, transforms, metadata, records, new RejectBudget(pipeline.Rejects), attempt), token).ConfigureAwait(false);
                }
                finally
                {
                    attempt.End();
                }
            },
            cancel).ConfigureAwait(false);
}
