namespace Etl.LocalCloud.Storage;

/// <summary>The order of names by their UTF-8 bytes, as S3 and Cloud Storage list them. For text that is the order of code points; the order of UTF-16 units differs beyond the basic plane.</summary>
internal sealed class Utf8Order : IComparer<string>
{
    public static Utf8Order Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        var first = x.AsSpan();
        var second = y.AsSpan();
        var same = first.CommonPrefixLength(second);
        return same == first.Length || same == second.Length ? first.Length.CompareTo(second.Length) : Rank(first[same]).CompareTo(Rank(second[same]));
    }

    // Surrogates stand for code points beyond all others, but lie below U+E000 to U+FFFF.
    private static int Rank(char unit) => char.IsSurrogate(unit) ? unit + 0x10000 : unit;
}
