using System.Text;

namespace Etl.Csv.Dialects;

/// <summary>What may quote the fields of a sample: characters that open a field where one starts and close it where one ends.</summary>
internal static class QuoteCandidates
{
    private static ReadOnlySpan<byte> Rare => "`~|^%*$#@!"u8;

    /// <summary>The quote characters worth reading <paramref name="text"/> with, the likeliest first. The double quote is always one of them: where there is none it does no harm.</summary>
    public static List<char> Of(ReadOnlySpan<byte> text, string delimiter)
    {
        var found = new List<char> { '"' };
        var separator = Encoding.UTF8.GetBytes(delimiter);
        if (text.Contains((byte)'\'') && Pairs(text, (byte)'\'', separator) is var singles and > 0)
        {
            // Fields in single quotes may well hold double quotes, and words with an apostrophe.
            if (singles * 4 > TextLines.Count(text) && Pairs(text, (byte)'"', separator) == 0)
                return ['\''];
            found.Add('\'');
        }
        if (text.Contains((byte)'"'))
            return found;
        foreach (var quote in Rare)
        {
            if (separator.AsSpan().IndexOf(quote) < 0 && text.Contains(quote) && Pairs(text, quote, separator) is var pairs && pairs * 4 >= text.Count(quote) && pairs > 1)
                found.Add((char)quote);
        }
        return found;
    }

    /// <summary>Whether an escape character stands before quotes within fields, rather than at the end of a field as in <c>"C:\"</c>.</summary>
    public static bool Escapes(ReadOnlySpan<byte> text, char escape, char quote)
    {
        ReadOnlySpan<byte> pair = [(byte)escape, (byte)quote];
        return text.IndexOf(pair) >= 0;
    }

    // Openings that a closing answers to.
    private static int Pairs(ReadOnlySpan<byte> text, byte quote, ReadOnlySpan<byte> separator)
    {
        int opening = 0, closing = 0;
        for (var at = 0; at < text.Length; at++)
        {
            var next = text[at..].IndexOf(quote);
            if (next < 0)
                break;
            at += next;
            var before = text[..at].TrimEnd((byte)' ');
            var after = text[(at + 1)..].TrimStart((byte)' ');
            if (before.IsEmpty || before[^1] is (byte)'\n' or (byte)'\r' || before.EndsWith(separator) || text[..at].EndsWith(separator))
                opening++;
            else if (after.IsEmpty || after[0] is (byte)'\n' or (byte)'\r' || after.StartsWith(separator) || text[(at + 1)..].StartsWith(separator))
                closing++;
        }
        return Math.Min(opening, closing);
    }
}
