using Etl.Core.Runs;

namespace Etl.Core.Engine;

/// <summary>
/// Whether the splits of one object meet. A task that starts in the middle of an object has to find out where a record starts, and a quoted field may
/// mislead it. The task before it knows: it has read on from a place that is right. So each split has to start at the very byte at which the one before it stopped.
/// </summary>
internal static class SplitChain
{
    /// <summary>The first split that starts elsewhere than the one before it ended, with where that is; null when all meet.</summary>
    public static (Split Split, long StartsAt)? FirstBreak(RunManifest run, IReadOnlyList<StageReceipt> receipts)
    {
        for (var i = 1; i < run.Splits.Count; i++)
        {
            if (run.Splits[i].Range.Offset > 0 && receipts[i].Extent!.Start != receipts[i - 1].Extent!.End)
                return (run.Splits[i], receipts[i - 1].Extent!.End);
        }

        return null;
    }
}
