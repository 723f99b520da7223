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
            var planner = new Planner(pipeline, retry);
            var plan = open.Plan ?? await planner.PlanAsync(state, cancel).ConfigureAwait(false);
            if (plan.Run is null) return Summary(plan, false, [], [], [.. open.Notes, .. plan.Notes]);
            (plan, var receipts) = await StageAsync(plan, planner, state, cancel).ConfigureAwait(false);
            var run = plan.Run!;

            progress.Enter(RunPhase.Commit);
            version = await MoveAsync(state with { OpenRun = run.RunId }, version, cancel).ConfigureAwait(false);
            var loads = await new Committer(pipeline, retry).CommitAsync(run, receipts, cancel).ConfigureAwait(false);
            await MoveAsync(state with { OpenRun = null, LastRun = run.RunId, Loaded = LedgerAfter(run, state) }, version, cancel).ConfigureAwait(false);
            return Summary(plan, open.Plan is not null, receipts, loads, [.. open.Notes, .. plan.Notes]);
        }
        finally
        {
            progress.End();
        }
    }

    // A type that samples misled about is found out while staging. Then all rows are looked at, and staged as another run: nothing of the first one is ever loaded.
    private async Task<(RunPlan Plan, IReadOnlyList<StageReceipt> Receipts)> StageAsync(RunPlan plan, Planner planner, PipelineState state, CancellationToken cancel)
    {
        await records.WriteManifestAsync(plan.Run!, cancel).ConfigureAwait(false);
        if (await records.ReadSuccessorAsync(plan.Run!.RunId, cancel).ConfigureAwait(false) is var (widened, notes))
            return (plan with { Run = widened, Notes = notes }, await StageAsync(widened, cancel).ConfigureAwait(false));
        try
        {
            return (plan, await StageAsync(plan.Run, cancel).ConfigureAwait(false));
        }
        catch (SchemaBrokenException broken)
        {
            progress.Enter(RunPhase.Plan);
            progress.Restart();
            var again = await planner.WidenAsync(plan, broken, state, cancel).ConfigureAwait(false);
            await records.WriteManifestAsync(again.Run!, cancel).ConfigureAwait(false);
            await records.WriteSuccessorAsync(plan.Run.RunId, again.Run!.RunId, again.Notes, cancel).ConfigureAwait(false);
            return (again, await StageAsync(again.Run, cancel).ConfigureAwait(false));
        }
    }

    private Task<IReadOnlyList<StageReceipt>> StageAsync(RunManifest run, CancellationToken cancel)
    {
        // The samples are the most that a run leaves behind, and staging needs the memory.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        progress.Enter(RunPhase.Stage);
        return new Stager(pipeline, records, progress, retry, parallelism).StageAsync(run, cancel);
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
