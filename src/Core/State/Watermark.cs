using Etl.Core.Contracts;

namespace Etl.Core.State;

/// <summary>How far a pipeline has read: objects up to here count as loaded. One of <paramref name="Key"/> and <paramref name="Modified"/> is set.</summary>
/// <param name="Key">The highest address, in the order of UTF-8 bytes, as S3 lists.</param>
/// <param name="Modified">The latest time an object was modified.</param>
/// <param name="Floor">With <paramref name="Modified"/>: from here on, each object is looked up in the ledger, because objects may turn up later than the time they bear.</param>
public sealed record Watermark(string? Key = null, DateTimeOffset? Modified = null, DateTimeOffset? Floor = null)
{
    /// <summary>What it is of.</summary>
    public WatermarkBy By => Key is null ? WatermarkBy.Modified : WatermarkBy.Key;

    /// <summary>Whether <paramref name="source"/> counts as loaded without a look into the ledger.</summary>
    public bool Covers(SourceObject source) => Key is not null ? Compare(source.Uri, Key) <= 0 : source.Modified < Floor;

    /// <summary>This one, or a higher one when <paramref name="source"/> is beyond it.</summary>
    public static Watermark Raise(Watermark? mark, SourceObject source, WatermarkBy by, TimeSpan lookback) => by switch
    {
        WatermarkBy.Key => mark is null || Compare(source.Uri, mark.Key!) > 0 ? new Watermark(Key: source.Uri) : mark,
        _ => mark is null || source.Modified > mark.Modified ? new Watermark(Modified: source.Modified, Floor: Back(source.Modified, lookback)) : mark,
    };

    private static DateTimeOffset Back(DateTimeOffset time, TimeSpan span) => time - DateTimeOffset.MinValue > span ? time - span : DateTimeOffset.MinValue;

    // In UTF-16 only surrogates are out of the order of UTF-8: what they stand for comes last.
    private static int Compare(string a, string b)
    {
        for (var i = 0; i < Math.Min(a.Length, b.Length); i++)
            if (a[i] != b[i])
                return char.IsSurrogate(a[i]) != char.IsSurrogate(b[i]) ? char.IsSurrogate(a[i]).CompareTo(char.IsSurrogate(b[i])) : a[i].CompareTo(b[i]);
        return a.Length.CompareTo(b.Length);
    }
}
