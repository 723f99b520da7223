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
    private readonly LeaseTerms terms;
    private readonly RunStop stop;

    /// <summary>An engine for one run.</summary>
    /// <param name="pipeline">What to run.</param>
    /// <param name="progress">Where to say how far it is.</param>
    /// <param name="parallelism">How many splits are staged side by side.</param>
    /// <param name="terms">How to take and keep the pipeline's lease.</param>
    /// <param name="stop">What may ask the run to end before it is done.</param>
    public RunEngine(Pipeline pipeline, RunProgress progress, int parallelism, LeaseTerms? terms = null, RunStop? stop = null)
    {
        this.terms = terms ?? new LeaseTerms();
        this.stop = stop ?? new RunStop(pipeline.Time);
        this.pipeline = pipeline;
        this.progress = progress;
        this.parallelism = parallelism;
        retry = Retry.Create(pipeline.Time, pipeline.Limits.Retries);
        records = pipeline.Records(retry);
    }

    /// <summary>One run: the one an earlier process left open when there is one (then run again for what is new), else a new one. Safe to call again after any failure.</summary>
    /// <exception cref="LeaseException">Another process is at work on the pipeline, or took it over.</exception>
    /// <exception cref="RunStoppedException">It was asked to end before it was done, and saved what it had.</exception>
    /// <exception cref="EtlException">The data is wrong or a service failed; nothing is half-loaded.</exception>
    public async Task<RunSummary> RunAsync(CancellationToken cancel)
    {
        if (pipeline.Limits.Timeout is not { } timeout) return await HoldAsync(cancel).ConfigureAwait(false);
        using var clock = new CancellationTokenSource(timeout.Value, pipeline.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, clock.Token);
        try
        {
            return await HoldAsync(either.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (clock.IsCancellationRequested && !cancel.IsCancellationRequested && e is OperationCanceledException or IOException)
        {
            throw new ServiceException($"The run took longer than `limits: timeout: {timeout}` and was stopped. Nothing is half-loaded; run again to go on where it stopped.", transient: false, e);
        }
    }

    private async Task<RunSummary> HoldAsync(CancellationToken cancel)
    {
        PipelineLease? lease = null;
        try
        {
            progress.Enter(RunPhase.Plan);
            lease = await PipelineLease.TakeAsync(records, terms, pipeline.Time, cancel).ConfigureAwait(false);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, lease.Lost, stop.Forced);
            return await RunAsync(lease, either.Token).ConfigureAwait(false);
        }
        catch (Exception) when (lease?.Loss is { } loss && !cancel.IsCancellationRequested)
        {
            throw loss;
        }
        catch (Exception e) when (stop.IsRequested && !cancel.IsCancellationRequested && (e is OperationCanceledException || (e is IOException && stop.Forced.IsCancellationRequested)))
        {
            throw await SaveAsync(lease, e).ConfigureAwait(false);
        }
        finally
        {
            progress.End();
            if (lease is not null) await lease.DisposeAsync().ConfigureAwait(false);
        }
    }

    // How far it came is written with the release of the lease, in one write: there may be no time for more.
    private async Task<RunStoppedException> SaveAsync(PipelineLease? lease, Exception cause)
    {
        var (open, done) = (lease?.State.Open, progress.SplitsDone);
        var stuck = open is null || (open.Phase == OpenPhase.Staging && done <= open.StagedAtStop);
        if (lease is not null && open is not null)
            await lease.ReleaseAsync(state => state with { Open = open with { StagedAtStop = Math.Max(done, open.StagedAtStop ?? 0) } }).ConfigureAwait(false);
        return new RunStoppedException(progress.Phase, done, progress.SplitsTotal, stuck, cause);
    }

    private async Task<RunSummary> RunAsync(PipelineLease lease, CancellationToken cancel)
    {
        var plan = await PlanAsync(lease.State, cancel).ConfigureAwait(false);
        if (plan.Run is null) return Summary(plan, [], []);
        (plan, var receipts) = await StageAsync(plan, lease, cancel).ConfigureAwait(false);
        var run = plan.Run!;

        stop.ThrowIfRequested();
        progress.Enter(RunPhase.Commit);
        await lease.MoveAsync(state => state with { Open = new OpenRun(run.RunId, OpenPhase.Loading) }, cancel).ConfigureAwait(false);
        var loads = await new Committer(pipeline, lease, retry).CommitAsync(run, receipts, cancel).ConfigureAwait(false);
        var ledger = await LedgerAfter.WriteAsync(records, lease.State, pipeline.Mode, run, cancel).ConfigureAwait(false);
        await lease.CompleteAsync(
            state => state with { Open = null, LastRun = run.RunId, LastCommit = pipeline.Time.GetUtcNow(), Ledger = ledger, Watermark = run.Watermark ?? state.Watermark, Columns = KnownTypes.After(state.Columns, run.SourceSchema) },
            cancel).ConfigureAwait(false);
        return Summary(plan, receipts, loads);
    }

    // A type that samples misled about is found out while staging. Then all rows are looked at, and staged as another run: nothing of the first one is ever loaded.
    private async Task<(RunPlan Plan, IReadOnlyList<StageReceipt> Receipts)> StageAsync(RunPlan plan, PipelineLease lease, CancellationToken cancel)
    {
        await records.WriteManifestAsync(plan.Run!, cancel).ConfigureAwait(false);
        if (lease.State.Open?.Run != plan.Run!.RunId)
            await lease.MoveAsync(state => state with { Open = new OpenRun(plan.Run.RunId, OpenPhase.Staging) }, cancel).ConfigureAwait(false);
        if (await records.ReadSuccessorAsync(plan.Run.RunId, cancel).ConfigureAwait(false) is var (widened, notes))
            return (plan with { Run = widened, Notes = [.. plan.Notes, .. notes] }, await StageAsync(widened, cancel).ConfigureAwait(false));
        try
        {
            return (plan, await StageAsync(plan.Run, cancel).ConfigureAwait(false));
        }
        catch (SchemaBrokenException broken)
        {
            progress.Enter(RunPhase.Plan);
            progress.Restart();
            var again = await new Planner(pipeline, retry).WidenAsync(plan, lease.State, broken, cancel).ConfigureAwait(false);
            await records.WriteManifestAsync(again.Run!, cancel).ConfigureAwait(false);
            await records.WriteSuccessorAsync(plan.Run.RunId, again.Run!.RunId, again.Notes, cancel).ConfigureAwait(false);
            return (again, await StageAsync(again.Run, cancel).ConfigureAwait(false));
        }
    }

    private Task<IReadOnlyList<StageReceipt>> StageAsync(RunManifest run, CancellationToken cancel)
    {
        // The samples and the ledger are the most that a run leaves behind, and staging needs the memory.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        progress.Enter(RunPhase.Stage);
        return new Stager(pipeline, records, progress, retry, parallelism, stop).StageAsync(run, cancel);
    }

    private async Task<RunPlan> PlanAsync(PipelineState state, CancellationToken cancel)
    {
        var left = await LeftRun.FindAsync(state, records, cancel).ConfigureAwait(false);
        var (plan, note) = left?.BeforeListing(pipeline) ?? default;
        if (plan is null)
        {
            var ledger = pipeline.Mode == IncrementalMode.Full ? new Ledger(0) : await new LedgerStore(records).ReadAsync(state.Ledger, cancel).ConfigureAwait(false);
            plan = await new Planner(pipeline, retry).PlanAsync(state, ledger, left, cancel).ConfigureAwait(false);
        }

        return note is null ? plan : plan with { Notes = [note, .. plan.Notes] };
    }

    private RunSummary Summary(RunPlan plan, IReadOnlyList<StageReceipt> receipts, IReadOnlyList<LoadReceipt> loads)
    {
        progress.End();
        return new RunSummary
        {
            Run = plan.Run,
            Resumed = plan.Resumed,
            AlreadyLoaded = plan.AlreadyLoaded,
            Receipts = receipts,
            Loads = loads,
            Dialects = plan.Dialects,
            Notes = plan.Notes,
            Phases = progress.Phases,
        };
    }
}
