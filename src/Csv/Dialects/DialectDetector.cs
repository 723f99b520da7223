using Etl.Core.Errors;

namespace Etl.Csv.Dialects;

/// <summary>Delimiter, quote, escape, preamble and header of UTF-8 text: each candidate is read, and the one that gives the most even rows wins.</summary>
internal static class DialectDetector
{
    private const int Records = 500;

    private static readonly string[] Delimiters = [",", "\t", ";", "|"];

    public static CsvDialect Detect(ReadOnlyMemory<byte> text, bool complete, CsvOptions options)
    {
        var (quote, escape) = Quoting(text.Span, options);
        var hint = Hint(text.Span);
        var fixedDelimiter = options.Delimiter is null or "auto" ? hint : StatedDelimiter(options.Delimiter);
        var skip = options.SkipLines ?? (hint is not null ? 1 : (int?)null);
        CsvDialect? best = null;
        SampledRecords? bestRecords = null;
        var bestScore = double.MinValue;
        foreach (var delimiter in fixedDelimiter is null ? Delimiters : [fixedDelimiter])
        {
            var dialect = new CsvDialect
            {
                Encoding = "utf-8",
                Delimiter = delimiter,
                Quote = quote,
                Escape = escape,
                LineEnding = TextLines.Ending(text.Span),
                SkipLines = skip ?? 0,
            };
            var records = SampledRecords.Read(text, complete, dialect, Records);
            if (skip is null)
                dialect = dialect with { SkipLines = records.TrimPreamble() };
            if (best is not null && records.Score <= bestScore)
                continue;
            (best, bestRecords, bestScore) = (dialect, records, records.Score);
        }
        return best! with { HasHeader = options.Header ?? HeaderDetector.Detect(bestRecords!.Rows) };
    }

    // Excel's "sep=;" line.
    private static string? Hint(ReadOnlySpan<byte> text)
    {
        if (!text.StartsWith("sep="u8) || text.Length < 5)
            return null;
        var line = text[4..TextLines.LengthOf(text, 1)].TrimEnd("\r\n"u8);
        return line.Length == 1 && line[0] < 0x80 ? ((char)line[0]).ToString() : null;
    }

    private static string StatedDelimiter(string delimiter) => delimiter switch
    {
        "tab" or "\\t" => "\t",
        "" => throw new DataException("csv: delimiter is empty. Write auto, tab, or the characters that stand between fields."),
        _ => delimiter,
    };

    private static (char? Quote, char? Escape) Quoting(ReadOnlySpan<byte> text, CsvOptions options)
    {
        char? quote = options.Quote switch
        {
            null or "auto" => SingleQuoted(text) ? '\'' : '"',
            "none" or "" => null,
            { Length: 1 } one when one[0] < 0x80 => one[0],
            _ => throw new DataException("csv: quote must be auto, none or one ASCII character."),
        };
        char? escape = options.Escape switch
        {
            null or "auto" => quote is { } q ? (Backslashed(text, q) ? '\\' : q) : null,
            "none" or "" => quote,
            { Length: 1 } one when one[0] < 0x80 => one[0],
            _ => throw new DataException("csv: escape must be auto or one ASCII character."),
        };
        return (quote, escape);
    }

    private static bool SingleQuoted(ReadOnlySpan<byte> text)
    {
        if (text.Contains((byte)'"'))
            return false;
        int between = 0;
        foreach (var delimiter in ",;\t|"u8)
            between += text.Count((ReadOnlySpan<byte>)[(byte)'\'', delimiter, (byte)'\'']);
        return between > 0;
    }

    private static bool Backslashed(ReadOnlySpan<byte> text, char quote)
    {
        var escaped = text.Count((ReadOnlySpan<byte>)[(byte)'\\', (byte)quote]);
        if (escaped == 0)
            return false;
        // A field that ends with a backslash, such as "C:\", looks the same: there the quote stands before a delimiter or a line's end.
        var closing = 0;
        foreach (var after in ",;\t|\r\n"u8)
            closing += text.Count((ReadOnlySpan<byte>)[(byte)'\\', (byte)quote, after]);
        return escaped > closing * 2;
    }
}
