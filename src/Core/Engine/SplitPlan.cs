using Etl.Core.Contracts;
using Etl.Core.Runs;

namespace Etl.Core.Engine;

/// <summary>Cuts the objects of a run into splits: a large object whose records can be found from any byte on becomes several byte ranges, every other one is read whole.</summary>
internal static class SplitPlan
{
    /// <summary>Bytes in a split of a large object.</summary>
    public const long SplitBytes = 128L << 20;

    /// <summary>The most splits of one run: each gives a staged file, seldom two, and BigQuery loads 10,000 files at once (https://cloud.google.com/bigquery/quotas#load_jobs).</summary>
    public const int MostSplits = 9_000;

    /// <summary>The most bytes of one run: BigQuery loads 15 TB at once.</summary>
    public const long MostBytes = 15L << 40;

    /// <summary>How many of the objects, from the first on, one run takes: at least one.</summary>
    public static int Fitting(IReadOnlyList<SourceObject> objects, long splitBytes)
    {
        var (count, splits, bytes) = (0, 0L, 0L);
        foreach (var source in objects)
        {
            splits += 1 + source.Length / splitBytes;
            bytes += source.Length;
            if (count > 0 && (splits > MostSplits || bytes > MostBytes)) break;
            count++;
        }

        return count;
    }

    /// <summary>The splits, in object order. The same objects give the same splits.</summary>
    /// <param name="objects">The objects.</param>
    /// <param name="divisible">The URIs of those that can be cut.</param>
    /// <param name="splitBytes">Bytes in a split.</param>
    public static IReadOnlyList<Split> Cut(IReadOnlyList<SourceObject> objects, IReadOnlySet<string> divisible, long splitBytes)
    {
        var splits = new List<Split>();
        foreach (var source in objects)
        {
            // A rest of less than half a split is not worth one.
            var pieces = divisible.Contains(source.Uri) ? Math.Max(1, (source.Length + splitBytes / 2) / splitBytes) : 1;
            for (var piece = 0L; piece < pieces; piece++)
            {
                var range = pieces == 1 ? ByteRange.All : new ByteRange(piece * splitBytes, piece == pieces - 1 ? source.Length - piece * splitBytes : splitBytes);
                splits.Add(new Split(splits.Count, source, range));
            }
        }

        return splits;
    }
}
