using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Runs;
using Etl.Core.State;
using Polly;

namespace Etl.Core.Engine;

/// <summary>The first step of a run: the one that was left open, or a new one; opened so that it can be staged by anyone.</summary>
internal sealed class PlanStep(Pipeline pipeline, RunRecords records, RunProgress progress, ResiliencePipeline retry)
{
    private readonly Planner planner = new(pipeline, retry);
    private readonly ReportStep reporting = new(pipeline, records);

    /// <summary>What a run would do, given what the pipeline remembers. Changes nothing.</summary>
    public async Task<RunPlan> PlanAsync(PipelineState state, CancellationToken cancel)
    {
        var left = await LeftRun.FindAsync(state, records, cancel).ConfigureAwait(false);
        var (plan, note) = left?.BeforeListing(pipeline) ?? default;
        if (plan is null)
        {
            var ledger = pipeline.Mode == IncrementalMode.Full ? new Ledger(0) : await new LedgerStore(records).ReadAsync(state.Ledger, cancel).ConfigureAwait(false);
            plan = await planner.PlanAsync(state, ledger, left, cancel).ConfigureAwait(false);
        }

        if (note is not null) plan = plan with { Notes = [note, .. plan.Notes] };
        return plan.Run is { } run && await records.ReadSuccessorAsync(run.RunId, cancel).ConfigureAwait(false) is var (widened, notes)
            ? plan with { Run = widened, Notes = [.. plan.Notes, .. notes] } : plan;
    }

    /// <summary>Plans, writes the manifest and has the state name the run as open. A run whose guessed types a stage task found broken goes on as one whose types fit.</summary>
    public async Task<RunPlan> OpenAsync(PipelineLease lease, CancellationToken cancel)
    {
        var plan = await PlanAsync(lease.State, cancel).ConfigureAwait(false);
        if (await Acknowledgement.SendAsync(pipeline.Source, plan.Passed, cancel).ConfigureAwait(false) is { } note) plan = plan with { Notes = [.. plan.Notes, note] };
        if (plan.Run is not { } run)
        {
            // A run that was abandoned, with nothing new in its place: no task must take it for the open one.
            if (lease.State.Open is not null) await lease.MoveAsync(state => state with { Open = null }, cancel).ConfigureAwait(false);
            return plan;
        }

        if (lease.State.Open is not { } open || (open.Run != run.RunId && (await records.ReadSuccessorAsync(open.Run, cancel).ConfigureAwait(false))?.Run.RunId != run.RunId))
        {
            await records.WriteManifestAsync(run, cancel).ConfigureAwait(false);
            await reporting.KeepAsync(plan, cancel).ConfigureAwait(false);
            await lease.MoveAsync(state => state with { Open = new OpenRun(run.RunId, OpenPhase.Staging) }, cancel).ConfigureAwait(false);
        }

        return await records.ReadBrokenAsync(run.RunId, cancel).ConfigureAwait(false) is { } broken ? await WidenAsync(plan, lease, broken, cancel).ConfigureAwait(false) : plan;
    }

    /// <summary>A type that samples misled about was found out while staging. All rows are looked at, and another run takes this one's place: nothing of the first one is ever loaded.</summary>
    public async Task<RunPlan> WidenAsync(RunPlan plan, PipelineLease lease, SchemaBrokenException broken, CancellationToken cancel)
    {
        progress.Enter(RunPhase.Plan);
        progress.Restart();
        var again = await planner.WidenAsync(plan, lease.State, broken, cancel).ConfigureAwait(false);
        await records.WriteManifestAsync(again.Run!, cancel).ConfigureAwait(false);
        await reporting.KeepAsync(again, cancel).ConfigureAwait(false);
        await records.WriteSuccessorAsync(plan.Run!.RunId, again.Run!.RunId, again.Notes, cancel).ConfigureAwait(false);
        return again;
    }
}
