using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Runs;
using Etl.Core.State;
using Etl.Core.Telemetry;

namespace Etl.Core.Engine;

/// <summary>Runs a pipeline: plan, stage, commit, then the state moves forward. All in this process, or each step by a process of its own, the middle one by many.</summary>
public sealed class RunEngine
{
    private readonly Pipeline pipeline;
    private readonly RunProgress progress;
    private readonly int parallelism;
    private readonly Polly.ResiliencePipeline retry;
    private readonly RunRecords records;
    private readonly LeaseTerms terms;
    private readonly RunStop stop;
    private readonly PlanStep planning;
    private readonly CommitStep committing;
    private readonly ReportStep reporting;

    /// <summary>An engine for one run, or one step of it.</summary>
    /// <param name="pipeline">What to run.</param>
    /// <param name="progress">Where to say how far it is.</param>
    /// <param name="parallelism">How many splits are staged side by side.</param>
    /// <param name="terms">How to take and keep the pipeline's lease.</param>
    /// <param name="stop">What may ask a run or a stage task to end before it is done.</param>
    public RunEngine(Pipeline pipeline, RunProgress progress, int parallelism, LeaseTerms? terms = null, RunStop? stop = null)
    {
        this.terms = terms ?? new LeaseTerms();
        this.stop = stop ?? new RunStop(pipeline.Time);
        this.pipeline = pipeline;
        this.progress = progress;
        this.parallelism = parallelism;
        retry = Retry.Create(pipeline.Time, pipeline.Limits.Retries, progress.Waits);
        records = pipeline.Records(retry);
        planning = new PlanStep(pipeline, records, progress, retry);
        committing = new CommitStep(pipeline, records, progress, retry);
        reporting = new ReportStep(pipeline, records);
    }

    /// <summary>One run: the one that was left open when there is one (then run again for what is new), else a new one. Safe to call again after any failure.</summary>
    /// <exception cref="LeaseException">Another process is at work on the pipeline, or took it over.</exception>
    /// <exception cref="RunStoppedException">It was asked to end before it was done, and saved what it had.</exception>
    /// <exception cref="EtlException">The data is wrong or a service failed; nothing is half-loaded.</exception>
    public Task<RunSummary> RunAsync(CancellationToken cancel) => HoldAsync("run", RunPhase.Plan, RunAsync, cancel);

    /// <summary>What a run would do now. Takes no lease and changes nothing.</summary>
    /// <exception cref="EtlException">The data is wrong or a service failed.</exception>
    public Task<RunPlan> PlanAsync(CancellationToken cancel) => TimedAsync(
        "plan",
        async stop =>
        {
            progress.Enter(RunPhase.Plan);
            var plan = await planning.PlanAsync((await records.ReadStateAsync(stop).ConfigureAwait(false)).State, stop).ConfigureAwait(false);
            return plan with { BytesToSend = await new SendEstimate(pipeline, retry).OfAsync(plan, stop).ConfigureAwait(false) };
        },
        cancel);

    /// <summary>The plan step alone: the run that is open from then on, for stage tasks to work on. Doing it again opens the same run.</summary>
    /// <exception cref="LeaseException">Another process is at work on the pipeline.</exception>
    /// <exception cref="EtlException">The data is wrong or a service failed.</exception>
    public Task<RunPlan> OpenAsync(CancellationToken cancel) => HoldAsync("plan", RunPhase.Plan, planning.OpenAsync, cancel);

    /// <summary>The stage step of one task. Takes no lease: it may run twice, late, beside its twin, or die.</summary>
    /// <param name="task">Which task of how many.</param>
    /// <param name="run">The run it was started for; null for whichever is open.</param>
    /// <param name="cancel">Stops; what is staged stays.</param>
    /// <exception cref="PlanAgainException">A guessed type was broken.</exception>
    /// <exception cref="RunStoppedException">It was asked to end before its share was staged.</exception>
    /// <exception cref="EtlException">The data is wrong or a service failed.</exception>
    public Task<TaskSummary> StageAsync(TaskShare task, string? run, CancellationToken cancel) =>
        TimedAsync(
            "stage",
            async token =>
            {
                using var either = CancellationTokenSource.CreateLinkedTokenSource(token, stop.Forced);
                using var share = new StageShare(pipeline, records, progress, retry, parallelism, stop);
                try
                {
                    return await share.StageAsync(task, run, either.Token).ConfigureAwait(false);
                }
                catch (Exception e) when (stop.IsWhy(e) && !token.IsCancellationRequested)
                {
                    throw new RunStoppedException(progress.Phase, progress.SplitsDone, progress.SplitsTotal, stuck: false, e);
                }
            },
            cancel);

    /// <summary>The commit step alone: completes and loads what the tasks staged. Doing it again finds it done.</summary>
    /// <param name="run">The run it was started for; null for whichever is open.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="NotStagedException">Tasks are missing.</exception>
    /// <exception cref="PlanAgainException">A guessed type was broken.</exception>
    /// <exception cref="LeaseException">Another process is at work on the pipeline, or took it over.</exception>
    /// <exception cref="EtlException">The data is wrong or a service failed; nothing is half-loaded.</exception>
    public Task<RunSummary> CommitAsync(string? run, CancellationToken cancel) => HoldAsync("commit", RunPhase.Commit, (lease, stop) => CommitAsync(run, lease, stop), cancel);

    private async Task<RunSummary> RunAsync(PipelineLease lease, CancellationToken cancel)
    {
        var plan = await planning.OpenAsync(lease, cancel).ConfigureAwait(false);
        if (plan.Run is null) return Summary(plan, [], []);
        IReadOnlyList<StageReceipt> receipts;
        try
        {
            receipts = await StageAsync(plan.Run, cancel).ConfigureAwait(false);
        }
        catch (SchemaBrokenException broken)
        {
            plan = await planning.WidenAsync(plan, lease, broken, cancel).ConfigureAwait(false);
            receipts = await StageAsync(plan.Run!, cancel).ConfigureAwait(false);
        }

        stop.ThrowIfRequested();
        progress.Enter(RunPhase.Commit);
        return await CommitAsync(plan, receipts, lease, cancel).ConfigureAwait(false);
    }

    private Task<IReadOnlyList<StageReceipt>> StageAsync(RunManifest run, CancellationToken cancel)
    {
        // The samples and the ledger are the most that a run leaves behind, and staging needs the memory.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        progress.Enter(RunPhase.Stage);
        return new Stager(pipeline, run, records, progress, retry, parallelism, stop).StageAsync(cancel);
    }

    private async Task<RunSummary> CommitAsync(string? wanted, PipelineLease lease, CancellationToken cancel)
    {
        var shared = new SharedRun(pipeline, records);
        var (run, nothing) = await shared.FindAsync(lease.State, wanted, cancel).ConfigureAwait(false);
        if (run is null) return Summary(new RunPlan(null, 0, [], [nothing!]), [], []);
        var staged = await new StagedRun(pipeline, records, run).ReadAsync(lease.State.Open!.Phase == OpenPhase.Staging, cancel).ConfigureAwait(false);
        try
        {
            var receipts = await new Stager(pipeline, run, records, progress, retry, parallelism, stop).CompleteAsync(staged, cancel).ConfigureAwait(false);
            return await CommitAsync(new RunPlan(run, 0, [], []), receipts, lease, cancel).ConfigureAwait(false);
        }
        catch (SchemaBrokenException broken)
        {
            throw await shared.BreakAsync(run, broken, cancel).ConfigureAwait(false);
        }
    }

    private async Task<RunSummary> CommitAsync(RunPlan plan, IReadOnlyList<StageReceipt> receipts, PipelineLease lease, CancellationToken cancel)
    {
        var (loads, assertions) = await committing.CommitAsync(plan.Run!, receipts, lease, cancel).ConfigureAwait(false);
        if (await reporting.WriteAsync(plan.Run!, receipts, cancel).ConfigureAwait(false) is { } note) plan = plan with { Notes = [.. plan.Notes, note] };
        return Summary(plan, receipts, loads) with { Assertions = assertions };
    }

    private Task<T> HoldAsync<T>(string step, RunPhase first, Func<PipelineLease, CancellationToken, Task<T>> work, CancellationToken cancel) => TimedAsync(
        step,
        async token =>
        {
            PipelineLease? lease = null;
            try
            {
                progress.Enter(first);
                using var patience = CancellationTokenSource.CreateLinkedTokenSource(token, stop.Forced);
                lease = await PipelineLease.TakeAsync(records, terms, pipeline.Time, patience.Token).ConfigureAwait(false);
                using var held = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, lease.Lost);
                return await work(lease, held.Token).ConfigureAwait(false);
            }
            catch (Exception) when (lease?.Loss is { } loss && !token.IsCancellationRequested)
            {
                throw loss;
            }
            catch (Exception e) when (stop.IsWhy(e) && !token.IsCancellationRequested)
            {
                throw await SaveAsync(lease, e).ConfigureAwait(false);
            }
            catch (Exception e) when (e is DataException or ServiceException && lease?.State.Open is { } open && !token.IsCancellationRequested)
            {
                await reporting.FailAsync(open.Run, e.Message, token).ConfigureAwait(false);
                throw;
            }
            finally
            {
                progress.End();
                if (lease is not null) await lease.DisposeAsync().ConfigureAwait(false);
            }
        },
        cancel);

    // How far it came is written with the release of the lease, in one write: there may be no time for more.
    private async Task<RunStoppedException> SaveAsync(PipelineLease? lease, Exception cause)
    {
        var (open, done) = (lease?.State.Open, progress.SplitsDone);
        var stuck = open is null || (open.Phase == OpenPhase.Staging && done <= open.StagedAtStop);
        if (lease is not null && open is not null)
            await lease.ReleaseAsync(state => state with { Open = open with { StagedAtStop = Math.Max(done, open.StagedAtStop ?? 0) } }).ConfigureAwait(false);
        return new RunStoppedException(progress.Phase, done, progress.SplitsTotal, stuck, cause);
    }

    private Task<T> TimedAsync<T>(string step, Func<CancellationToken, Task<T>> work, CancellationToken cancel) =>
        RunTelemetry.StepAsync(step, pipeline.Name, pipeline.Time, () => InTimeAsync(work, cancel));

    private async Task<T> InTimeAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancel)
    {
        if (pipeline.Limits.Timeout is not { } timeout) return await work(cancel).ConfigureAwait(false);
        using var clock = new CancellationTokenSource(timeout.Value, pipeline.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, clock.Token);
        try
        {
            return await work(either.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (clock.IsCancellationRequested && !cancel.IsCancellationRequested && e is OperationCanceledException or IOException)
        {
            throw new ServiceException($"The run took longer than `limits: timeout: {timeout}` and was stopped. Nothing is half-loaded; run again to go on where it stopped.", transient: false, e);
        }
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
