using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Runs;
using Etl.Core.State;

namespace Etl.Core.Engine;

/// <summary>The run that an earlier process left open: finished when it can be, abandoned with a reason otherwise.</summary>
internal sealed class LeftRun
{
    private readonly RunManifest run;
    private readonly OpenPhase phase;

    private LeftRun(RunManifest run, OpenPhase phase) => (this.run, this.phase) = (run, phase);

    /// <summary>The run that <paramref name="state"/> names as open, or null.</summary>
    /// <exception cref="DataException">Its load may have been asked for, and its manifest is gone.</exception>
    public static async Task<LeftRun?> FindAsync(PipelineState state, RunRecords records, CancellationToken cancel)
    {
        if (state.Open is not { } open) return null;
        if (await records.ReadManifestAsync(open.Run, cancel).ConfigureAwait(false) is { } run) return new LeftRun(run, open.Phase);
        return open.Phase == OpenPhase.Staging ? null
            : throw new DataException($"Run {open.Run} was left while it was loading, and its manifest is gone, so what it read is not known. Look in the table (and at the jobs with {open.Run} in their id) for its rows. Then forget the run with `etl state reset --open-run`, and name what is in the table with `etl state mark-loaded`.");
    }

    /// <summary>What to do about it before anything is listed: everything of a run that was loading is staged, so only its sinks matter.</summary>
    public (RunPlan? Plan, string? Note) BeforeListing(Pipeline pipeline) => phase switch
    {
        OpenPhase.Loading when run.SinksDigest == pipeline.SinksDigest => (new RunPlan(run, 0, [], []) { Resumed = true }, $"An earlier process left run {run.RunId} while it was loading; this run finished it."),
        OpenPhase.Loading => (null, $"Run {run.RunId} was left while it was loading and is abandoned, because the pipeline's sinks changed since: look into the old target for what it loaded."),
        _ => (null, null),
    };

    /// <summary>What to do about a run that was being staged: nothing of it is in any table, so it is finished only when that is what this run would do anyway.</summary>
    public async Task<(bool Finish, string Note)> AfterListingAsync(Pipeline pipeline, ObjectSelection selection, Ledger ledger, CancellationToken cancel)
    {
        var id = run.RunId;
        if (run.OptionsDigest != pipeline.OptionsDigest) return (false, Abandoned("the pipeline file changed since, or a file that a lookup reads"));
        if (run.Version != RunManifest.CurrentVersion) return (false, Abandoned("another version of Etl planned it"));
        var versions = selection.Objects.ToDictionary(o => o.Uri, o => o.Version);
        var gone = 0;
        foreach (var read in run.Splits.Select(s => s.Object).DistinctBy(o => o.Uri))
            if (versions.GetValueOrDefault(read.Uri) != read.Version && (versions.ContainsKey(read.Uri) || !await IsHeldBackAsync(pipeline.Source, read, ledger, cancel).ConfigureAwait(false)))
                gone++;
        return gone == 0
            ? (true, $"An earlier process left run {id} while it was staging; this run finished it.")
            : (false, Abandoned($"{gone:N0} of its objects changed, went or were loaded since"));

        string Abandoned(string reason) => $"Run {id} was left while it was staging and is abandoned, because {reason}. Nothing of it was loaded; `etl gc` removes what it staged.";
    }

    // The process that died has its messages still, for a while: what they told of is there all the same.
    private static async Task<bool> IsHeldBackAsync(ISource source, SourceObject read, Ledger ledger, CancellationToken cancel)
    {
        if (source is not IAcknowledgedSource || ledger.Find(read) is not (LedgerAnswer.Unknown or LedgerAnswer.Wanted)) return false;
        try
        {
            var content = await source.OpenAsync(read, new ByteRange(0, 1), cancel).ConfigureAwait(false);
            await content.DisposeAsync().ConfigureAwait(false);
            return true;
        }
        catch (ObjectChangedException)
        {
            return false;
        }
    }

    /// <summary>Its manifest.</summary>
    public RunManifest Run => run;

    /// <summary>Whether it was still being staged.</summary>
    public bool IsStaging => phase == OpenPhase.Staging;
}
