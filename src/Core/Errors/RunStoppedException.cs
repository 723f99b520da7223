using Etl.Core.Runs;

namespace Etl.Core.Errors;

/// <summary>The run was asked to end before it was done, and saved what it had. The next run goes on from there.</summary>
public sealed class RunStoppedException : EtlException
{
    /// <summary>A run that stopped.</summary>
    /// <param name="phase">Where it was.</param>
    /// <param name="done">Splits staged.</param>
    /// <param name="total">Splits to stage, as far as known.</param>
    /// <param name="stuck">Whether it saved nothing that the stop before had not.</param>
    /// <param name="inner">How it noticed.</param>
    public RunStoppedException(RunPhase? phase, int done, int total, bool stuck, Exception? inner = null) : base(Describe(phase, done, total, stuck), inner) =>
        (SplitsDone, SplitsTotal, IsStuck) = (done, total, stuck);

    /// <summary>Splits staged so far, by this run and those before it that it goes on with.</summary>
    public int SplitsDone { get; }

    /// <summary>Splits to stage; 0 while that is not known.</summary>
    public int SplitsTotal { get; }

    /// <summary>Whether nothing was saved since the last stop, or since the beginning: as much time again would bring the run no further.</summary>
    public bool IsStuck { get; }

    private static string Describe(RunPhase? phase, int done, int total, bool stuck) => (phase, stuck) switch
    {
        (RunPhase.Commit, _) => "Stopped while loading: everything is staged, and the load may be under way. Run again: it is looked for, and asked for once.",
        (RunPhase.Stage, false) => $"Stopped after {done:N0} of {total:N0} splits. What they staged is kept, nothing is half-loaded; run again to go on.",
        (RunPhase.Stage, true) => $"Stopped after {done:N0} of {total:N0} splits, as the time before: one split takes longer than there was time. Give more of it, or more memory (and processor with it). A plain object is read in splits of `csv: split_size`, which can be smaller; a compressed object is one split, and has to be smaller or uncompressed.",
        (_, true) => "Stopped before the plan was made (listing and sampling the objects), so there is nothing to go on from. Give more time, or let `prefix` and `pattern` name fewer objects.",
        _ => "Stopped while planning. What was staged before is kept, nothing is half-loaded; run again to go on.",
    };
}
