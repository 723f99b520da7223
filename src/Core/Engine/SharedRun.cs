using Etl.Core.Errors;
using Etl.Core.Runs;
using Etl.Core.State;

namespace Etl.Core.Engine;

/// <summary>The open run, as those find it who did not plan it: stage tasks, which hold no lease, and the commit.</summary>
internal sealed class SharedRun(Pipeline pipeline, RunRecords records)
{
    /// <summary>The run that <paramref name="state"/> names as open, in its present form; or why there is nothing to do.</summary>
    /// <param name="state">What the pipeline remembers.</param>
    /// <param name="wanted">The run the caller was started for; null for whichever is open.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="DataException">The run wanted was given up, or was planned with another pipeline file.</exception>
    /// <exception cref="PlanAgainException">A guessed type of it was broken.</exception>
    public async Task<(RunManifest? Run, string? Nothing)> FindAsync(PipelineState state, string? wanted, CancellationToken cancel)
    {
        var committed = state.LastRun is { } last ? $"run {last} was committed last" : "nothing was committed yet";
        var next = state.Open is null ? null : await SuccessorAsync(state.Open.Run, cancel).ConfigureAwait(false);
        if (wanted is not null && wanted != state.Open?.Run && wanted != next?.RunId)
        {
            var successor = (await SuccessorAsync(wanted, cancel).ConfigureAwait(false))?.RunId ?? wanted;
            if (successor == state.LastRun) return (null, $"run {wanted} is committed.");
            if (successor != state.Open?.Run)
                throw new DataException($"Run {wanted} of {pipeline.Name} is not open: {(state.Open is { } other ? $"run {other.Run} is" : "no run is")}, and {committed}. It was given up by a plan or a run since, or never opened here. Nothing of it will be loaded by this command.");
        }

        if (state.Open is not { } open) return (null, $"no run is open; {committed}.");
        var run = await records.ReadManifestAsync(open.Run, cancel).ConfigureAwait(false)
            ?? throw new DataException($"The manifest of the open run {open.Run} of {pipeline.Name} is gone. {(open.Phase == OpenPhase.Staging ? "Plan again with `etl plan --open`." : "`etl run` says what to do.")}");
        if (open.Phase == OpenPhase.Loading ? run.SinksDigest != pipeline.SinksDigest : run.OptionsDigest != pipeline.OptionsDigest)
            throw new DataException($"Run {open.Run} was planned with other options than those of this pipeline file: the file, a variable in it, or a file that a lookup reads is not the same here. Give plan, stage and commit the same files and variables, or plan anew with `etl plan --open`.");
        if (run.Version != RunManifest.CurrentVersion)
            throw new DataException($"Run {open.Run} was planned by another version of Etl. Use one version for plan, stage and commit, or plan anew with `etl plan --open`.");
        if (next is not null) return (next, null);
        return await records.ReadBrokenAsync(open.Run, cancel).ConfigureAwait(false) is { } broken ? throw new PlanAgainException(broken) : (run, null);
    }

    /// <summary>Has everybody know that a guessed type of a run does not hold.</summary>
    public async Task<PlanAgainException> BreakAsync(RunManifest run, SchemaBrokenException broken, CancellationToken cancel)
    {
        await records.WriteBrokenAsync(run.RunId, broken, cancel).ConfigureAwait(false);
        return new PlanAgainException(broken);
    }

    private async Task<RunManifest?> SuccessorAsync(string run, CancellationToken cancel) => (await records.ReadSuccessorAsync(run, cancel).ConfigureAwait(false))?.Run;
}
