namespace Etl.Csv.Dialects;

/// <summary>Physical lines of UTF-8 text: LF, CR LF and CR each end one.</summary>
internal static class TextLines
{
    /// <summary>The length of the first <paramref name="lines"/> lines with their ends.</summary>
    public static int LengthOf(ReadOnlySpan<byte> text, int lines)
    {
        var at = 0;
        for (; lines > 0; lines--)
        {
            var end = text[at..].IndexOfAny((byte)'\r', (byte)'\n');
            if (end < 0)
                return text.Length;
            at += end + 1;
            if (text[at - 1] == '\r' && at < text.Length && text[at] == '\n')
                at++;
        }
        return at;
    }

    /// <summary>What most lines end with.</summary>
    public static string Ending(ReadOnlySpan<byte> text)
    {
        var feeds = text.Count((byte)'\n');
        var pairs = text.Count("\r\n"u8);
        var returns = text.Count((byte)'\r') - pairs;
        return pairs * 2 > feeds && pairs >= returns ? "\r\n" : returns > feeds ? "\r" : "\n";
    }

    /// <summary>How many lines there are.</summary>
    public static int Count(ReadOnlySpan<byte> text) => Math.Max(text.Count((byte)'\n'), text.Count((byte)'\r')) + 1;
}
