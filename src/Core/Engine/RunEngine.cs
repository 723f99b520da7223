using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Runs;
using Etl.Core.State;

namespace Etl.Core.Engine;

/// <summary>Runs a pipeline: plan, stage, commit, then the state moves forward.</summary>
public sealed class RunEngine
{
    private readonly Pipeline pipeline;
    private readonly RunProgress progress;
    private readonly int parallelism;
    private readonly Polly.ResiliencePipeline retry;
    private readonly RunRecords records;

    /// <summary>An engine for one run.</summary>
    /// <param name="pipeline">What to run.</param>
    /// <param name="progress">Where to say how far it is.</param>
    /// <param name="parallelism">How many splits are staged side by side.</param>
    public RunEngine(Pipeline pipeline, RunProgress progress, int parallelism)
    {
        this.pipeline = pipeline;
        this.progress = progress;
        this.parallelism = parallelism;
        retry = Retry.Create(pipeline.Time);
        records = new RunRecords(new RetryingStateStore(pipeline.State, retry), pipeline.Name);
    }

    /// <summary>One run: the one an earlier process left in its commit when there is one, else a new one. Safe to call again after any failure.</summary>
    /// <exception cref="EtlException">The data is wrong or a service failed; nothing is half-loaded.</exception>
    public async Task<RunSummary> RunAsync(CancellationToken cancel)
    {
        try
        {
            progress.Enter(RunPhase.Plan);
            var (state, version) = await records.ReadStateAsync(cancel).ConfigureAwait(false);
            var open = await FindOpenRunAsync(state, cancel).ConfigureAwait(false);
            var plan = open.Plan ?? await new Planner(pipeline, retry).PlanAsync(state, cancel).ConfigureAwait(false);
            IReadOnlyList<string> notes = [.. open.Notes, .. plan.Notes];
            if (plan.Run is not { } run) return Summary(plan, false, [], [], notes);
            await records.WriteManifestAsync(run, cancel).ConfigureAwait(false);

            // The samples are the most that a run leaves behind, and staging needs the memory.
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            progress.Enter(RunPhase.Stage);
            var receipts = await new Stager(pipeline, records, progress, retry, parallelism).StageAsync(run, cancel).ConfigureAwait(false);

            progress.Enter(RunPhase.Commit);
            version = await MoveAsync(state with { OpenRun = run.RunId }, version, cancel).ConfigureAwait(false);
            var loads = await new Committer(pipeline, retry).CommitAsync(run, receipts, cancel).ConfigureAwait(false);
            await MoveAsync(state with { OpenRun = null, LastRun = run.RunId, Loaded = LedgerAfter(run, state) }, version, cancel).ConfigureAwait(false);
            return Summary(plan, open.Plan is not null, receipts, loads, notes);
        }
        finally
        {
            progress.End();
        }
    }

    // A run is open from the moment its load may have been asked for: everything of it is staged, and only its sinks matter. A run that
    // died earlier needs no finishing: the same input plans the same run again, and finds its receipts.
    private async Task<(RunPlan? Plan, IReadOnlyList<string> Notes)> FindOpenRunAsync(PipelineState state, CancellationToken cancel)
    {
        if (state.OpenRun is not { } id || await records.ReadManifestAsync(id, cancel).ConfigureAwait(false) is not { } run) return (null, []);
        return run.SinksDigest == pipeline.SinksDigest
            ? (new RunPlan(run, 0, [], []), [$"An earlier process left run {id} in its commit; this run finished it. Run again to look for new objects."])
            : (null, [$"Run {id} was left in its commit and is abandoned, because the pipeline's sinks changed since: look into the old target for what it loaded."]);
    }

    private async Task<string> MoveAsync(PipelineState state, string? version, CancellationToken cancel)
    {
        try
        {
            return await records.WriteStateAsync(state, version, cancel).ConfigureAwait(false);
        }
        catch (StateConflictException e)
        {
            throw new ServiceException($"Another run of {pipeline.Name} moved the pipeline's state while this one was at work. Let it end, then run again: nothing is loaded twice.", transient: false, e);
        }
    }

    private SortedDictionary<string, string> LedgerAfter(RunManifest run, PipelineState state)
    {
        var ledger = pipeline.ReadsAll ? [] : new SortedDictionary<string, string>(state.Loaded.ToDictionary(), StringComparer.Ordinal);
        foreach (var split in run.Splits) ledger[split.Object.Uri] = split.Object.Version;
        return ledger;
    }

    private RunSummary Summary(RunPlan plan, bool resumed, IReadOnlyList<StageReceipt> receipts, IReadOnlyList<LoadReceipt> loads, IReadOnlyList<string> notes)
    {
        progress.End();
        return new RunSummary
        {
            Run = plan.Run,
            Resumed = resumed,
            AlreadyLoaded = plan.AlreadyLoaded,
            Receipts = receipts,
            Loads = loads,
            Dialects = plan.Dialects,
            Notes = notes,
            Phases = progress.Phases,
        };
    }
}
