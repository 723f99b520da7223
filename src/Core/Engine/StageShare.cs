using Etl.Core.Errors;
using Etl.Core.Runs;
using Etl.Core.State;
using Polly;

namespace Etl.Core.Engine;

/// <summary>The stage step of one task among several: its share of the open run. It holds no lease, and writes only staged files and records that any twin of it would write the same.</summary>
internal sealed class StageShare(Pipeline pipeline, RunRecords records, RunProgress progress, ResiliencePipeline retry, int parallelism, RunStop ending) : IDisposable
{
    // A task may be slow, and the run over before it: it looks now and then.
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(30);
    private readonly SharedRun shared = new(pipeline, records);
    private readonly SemaphoreSlim turn = new(1);
    private long looked;
    private string? over;

    /// <summary>Stages the share of <paramref name="task"/>.</summary>
    /// <param name="task">Which task of how many.</param>
    /// <param name="wanted">The run it was started for; null for whichever is open.</param>
    /// <param name="cancel">Stops; what is staged stays.</param>
    /// <exception cref="DataException">The data is wrong, or the run was given up.</exception>
    /// <exception cref="PlanAgainException">A guessed type was broken, here or by another task.</exception>
    public async Task<TaskSummary> StageAsync(TaskShare task, string? wanted, CancellationToken cancel)
    {
        var (run, nothing) = await FindAsync(wanted, cancel).ConfigureAwait(false);
        if (run is null) return new TaskSummary { Run = null, Note = nothing, Splits = 0, Receipts = [] };
        looked = pipeline.Time.GetTimestamp();
        var share = task.Among(run.Splits);
        progress.Enter(RunPhase.Stage);
        try
        {
            var receipts = await new Stager(pipeline, run, records, progress, retry, parallelism, ending).StageAsync(share, stop => IsOpenAsync(run, stop), cancel).ConfigureAwait(false);
            return new TaskSummary { Run = run, Note = over, Splits = share.Count, Receipts = receipts };
        }
        catch (SchemaBrokenException broken)
        {
            throw await shared.BreakAsync(run, broken, cancel).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => turn.Dispose();

    private async Task<(RunManifest? Run, string? Nothing)> FindAsync(string? wanted, CancellationToken cancel) =>
        await shared.FindAsync((await records.ReadStateAsync(cancel).ConfigureAwait(false)).State, wanted, cancel).ConfigureAwait(false);

    private async ValueTask<bool> IsOpenAsync(RunManifest run, CancellationToken cancel)
    {
        await turn.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            if (over is not null || pipeline.Time.GetElapsedTime(looked) < LookEvery) return over is null;
            looked = pipeline.Time.GetTimestamp();
            over = (await FindAsync(run.RunId, cancel).ConfigureAwait(false)).Nothing;
            return over is null;
        }
        finally
        {
            turn.Release();
        }
    }
}
