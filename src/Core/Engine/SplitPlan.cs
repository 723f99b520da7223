using Etl.Core.Contracts;
using Etl.Core.Runs;

namespace Etl.Core.Engine;

/// <summary>Cuts the objects of a run into splits: a large object whose records can be found from any byte on becomes several byte ranges, every other one is read whole.</summary>
internal static class SplitPlan
{
    /// <summary>Bytes in a split of a large object.</summary>
    public const long SplitBytes = 128L << 20;

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
