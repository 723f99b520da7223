using System.Buffers;
using System.Text;
using Etl.Csv.Reading;

namespace Etl.Csv.Dialects;

/// <summary>Whether what stands between fields is longer than the one character that was found, as in <c>||</c>, <c>, </c> or <c>|~|</c>: the same signs are beside it wherever it is.</summary>
internal static class DelimiterExtent
{
    private const int MaxRecords = 200;
    private const int MaxFields = 1_000;
    private const int LongestSide = 3;
    private const int Fewest = 4;

    private static readonly SearchValues<byte> Signs = SearchValues.Create(" |:;~^,<>=*&!@#"u8);

    /// <summary>The dialect with the whole delimiter.</summary>
    public static CsvDialect Widen(ReadOnlyMemory<byte> text, CsvDialect dialect)
    {
        if (dialect.NeedsStandIn() || dialect.Delimiter == " ")
            return dialect;
        byte[]? between = null, before = null, after = null;
        int joints = 0, pairs = 0;
        using var reader = RecordReaders.Open(text, dialect, static _ => { });
        for (var records = 0; records < MaxRecords && reader.Read(); records++)
        {
            var count = Math.Min(reader.FieldCount, MaxFields);
            if (count < 2)
                continue;
            for (var i = 0; i + 1 < count; i++)
            {
                joints++;
                var last = i + 2 == reader.FieldCount;
                Keep(ref before, Tail(reader.GetRawSpan(i)), fromEnd: true);
                Keep(ref after, Head(reader.GetRawSpan(i + 1)), fromEnd: false);
                if (i % 2 == 0 && !last)
                {
                    pairs++;
                    between = Same(between, reader.GetRawSpan(i + 1));
                }
            }
            if (count % 2 == 0)
                between = [(byte)'x'];
        }
        if (joints < Fewest)
            return dialect;
        if (pairs > 0 && between is { Length: <= LongestSide } middle && middle.AsSpan().IndexOfAnyExcept(Signs) < 0)
            return dialect with { Delimiter = dialect.Delimiter + Encoding.UTF8.GetString(middle) + dialect.Delimiter };
        if (before!.Length + after!.Length == 0)
            return dialect;
        return dialect with { Delimiter = Encoding.UTF8.GetString(before) + dialect.Delimiter + Encoding.UTF8.GetString(after) };
    }

    private static ReadOnlySpan<byte> Head(ReadOnlySpan<byte> field)
    {
        var length = field.IndexOfAnyExcept(Signs);
        return field[..Math.Min(LongestSide, length < 0 ? field.Length : length)];
    }

    private static ReadOnlySpan<byte> Tail(ReadOnlySpan<byte> field) => field[Math.Max(field.Length - LongestSide, field.LastIndexOfAnyExcept(Signs) + 1)..];

    private static void Keep(ref byte[]? common, ReadOnlySpan<byte> side, bool fromEnd)
    {
        if (common is null)
        {
            common = side.ToArray();
            return;
        }
        if (fromEnd)
        {
            var keep = 0;
            while (keep < Math.Min(common.Length, side.Length) && common[^(keep + 1)] == side[^(keep + 1)])
                keep++;
            common = common[^keep..];
        }
        else
        {
            common = common[..side.CommonPrefixLength(common)];
        }
    }

    // What was between in every pair so far; a text of letters once two differ.
    private static byte[] Same(byte[]? known, ReadOnlySpan<byte> field) =>
        field.Length <= LongestSide && (known is null || field.SequenceEqual(known)) ? field.ToArray() : [(byte)'x'];
}
