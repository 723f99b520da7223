using Etl.Core.Runs;

namespace Etl.Core.Engine;

/// <summary>
/// Whether the splits of one object meet. A task that starts in the middle of an object has to find out where a record starts, and a quoted field may
/// mislead it. The task before it knows: it has read on from a place that is right. So each split has to start at the very byte at which the one before it stopped,
/// and in what that one stopped in.
/// </summary>
internal static class SplitChain
{
    /// <summary>The first split that is not the continuation of the one before it, with where it has to start; null when there is none among those that are staged.</summary>
    /// <param name="run">The run.</param>
    /// <param name="staged">What is known, by split.</param>
    public static (Split Split, SplitStart Start)? FirstBreak(RunManifest run, IReadOnlyList<StagedSplit> staged)
    {
        for (var i = 1; i < run.Splits.Count; i++)
        {
            if (run.Splits[i].Range.Offset == 0 || staged[i - 1].Receipt?.Extent is not { } before || staged[i] is { Receipt: null, Doubt: null })
                continue;
            if (staged[i].Receipt?.Extent is not { } extent || extent.Start != before.End || extent.StartsIn != before.EndsIn)
                return (run.Splits[i], new SplitStart(before.End, before.EndsIn));
        }

        return null;
    }

    /// <summary>The lines of the object before a split whose predecessors are all staged.</summary>
    public static long LinesBefore(RunManifest run, IReadOnlyList<StagedSplit> staged, Split split) =>
        run.Splits.Take(split.Index).Where(s => s.Object == split.Object).Sum(s => staged[s.Index].Receipt!.Extent!.Lines);
}
