using Etl.Core.Errors;

namespace Etl.Csv.Dialects;

/// <summary>Delimiter, quote, escape, preamble, comments and header of UTF-8 text: each candidate that the bytes allow is read, and the one that explains the sample best wins. What the options state is no candidate but a fact.</summary>
internal static class DialectDetector
{
    private const int ScoredBytes = 64 * 1024;
    private const double ManyFaults = 0.3;

    public static CsvDialect Detect(ReadOnlyMemory<byte> text, bool complete, CsvOptions options)
    {
        var hint = Hint(text.Span);
        var stated = Stated(options.Delimiter) ?? hint;
        var skip = options.SkipLines ?? (hint is not null ? 1 : (int?)null);
        var start = new CsvDialect
        {
            Encoding = "utf-8",
            Delimiter = stated ?? ",",
            Quote = '"',
            Escape = '"',
            LineEnding = TextLines.Ending(text.Span),
            SkipLines = skip ?? 0,
        };
        var part = Part(text, start.SkipLines);
        var whole = complete && part.Length == text.Length - TextLines.LengthOf(text.Span, start.SkipLines);
        var dialect = Best(part, whole, start with { SkipLines = 0 }, stated, options);
        if (stated is null)
            dialect = DelimiterExtent.Widen(part, dialect);
        if (!dialect.NeedsStandIn() || dialect.Quote is not null)
            dialect = dialect with { TrimSpaces = dialect.Quote is not null && SpacedQuotes.Are(part, dialect) };
        dialect = dialect with { SkipLines = start.SkipLines, Comment = StatedComment(options.Comment) };
        return TableLayout.Of(SampledRecords.Read(text, complete, dialect), dialect, options);
    }

    private static CsvDialect Best(ReadOnlyMemory<byte> part, bool complete, CsvDialect start, string? stated, CsvOptions options)
    {
        var (best, bestScore) = (start, double.MinValue);
        List<string> delimiters = stated is null ? DelimiterCandidates.Of(part.Span) : [stated];
        foreach (var delimiter in delimiters)
        {
            foreach (var candidate in Quotings(part.Span, start with { Delimiter = delimiter }, options))
            {
                var reading = CandidateReading.Of(part, complete, candidate);
                if (reading.Score > bestScore + 1e-9)
                    (best, bestScore) = (candidate, reading.Score);
                if (reading.Faults > ManyFaults && options.Quote is null or "auto" && candidate.Quote is not null)
                {
                    var plain = candidate with { Quote = null, Escape = null };
                    if (CandidateReading.Of(part, complete, plain).Score is var score && score > bestScore)
                        (best, bestScore) = (plain, score);
                }
            }
        }
        if (stated is not null || part.Length == 0)
            return best;
        var lines = start with { Delimiter = NotIn(part.Span), Quote = best.Quote, Escape = best.Escape };
        return CandidateReading.OfOneColumn(part, lines).Score > bestScore ? lines : best;
    }

    private static IEnumerable<CsvDialect> Quotings(ReadOnlySpan<byte> text, CsvDialect start, CsvOptions options)
    {
        var found = new List<CsvDialect>();
        var stated = StatedQuote(options.Quote, out var none);
        List<char> quotes = stated is { } one ? [one] : none ? [] : QuoteCandidates.Of(text, start.Delimiter);
        foreach (var quote in quotes)
        {
            var quoted = start with { Quote = quote };
            if (StatedEscape(options.Escape, quote) is { } escape)
            {
                found.Add(quoted with { Escape = escape });
                continue;
            }
            found.Add(quoted with { Escape = quote });
            if (QuoteCandidates.Escapes(text, '\\', quote))
                found.Add(quoted with { Escape = '\\' });
        }
        if (none)
            found.Add(start with { Quote = null, Escape = StatedEscape(options.Escape, null) });
        return found;
    }

    // Whole lines are enough: a record that the cut leaves open counts for little.
    private static ReadOnlyMemory<byte> Part(ReadOnlyMemory<byte> text, int skip)
    {
        text = text[TextLines.LengthOf(text.Span, skip)..];
        if (text.Length <= ScoredBytes)
            return text;
        var end = text.Span[..ScoredBytes].LastIndexOfAny((byte)'\r', (byte)'\n');
        return end < 0 ? text[..ScoredBytes] : text[..(end + 1)];
    }

    // A delimiter that splits nothing.
    private static string NotIn(ReadOnlySpan<byte> text)
    {
        foreach (var b in ",;\t|"u8)
        {
            if (!text.Contains(b))
                return ((char)b).ToString();
        }
        return CsvReaders.DelimiterStandIn.ToString();
    }

    // Excel's "sep=;" line.
    private static string? Hint(ReadOnlySpan<byte> text)
    {
        if (text.StartsWith("\"sep="u8))
            text = text[1..];
        if (!(text.StartsWith("sep="u8) || text.StartsWith("SEP="u8)) || text.Length < 5)
            return null;
        var line = text[4..TextLines.LengthOf(text, 1)].TrimEnd("\"\r\n"u8);
        return line.Length == 1 && line[0] < 0x80 ? ((char)line[0]).ToString() : null;
    }

    private static string? Stated(string? delimiter) => delimiter switch
    {
        null or "auto" => null,
        "tab" or "\\t" => "\t",
        "space" => " ",
        "" => throw new DataException("csv: delimiter is empty. Write auto, tab, space, or the characters that stand between fields."),
        _ => delimiter,
    };

    private static string? StatedComment(string? comment) => comment is null or "auto" or "none" or "" ? null : comment;

    private static char? StatedQuote(string? quote, out bool none)
    {
        none = quote is "none" or "";
        return quote switch
        {
            null or "auto" or "none" or "" => null,
            { Length: 1 } one when one[0] < 0x80 => one[0],
            _ => throw new DataException("csv: quote must be auto, none or one ASCII character."),
        };
    }

    private static char? StatedEscape(string? escape, char? quote) => escape switch
    {
        null or "auto" => null,
        "none" or "" => quote,
        { Length: 1 } one when one[0] < 0x80 => one[0],
        _ => throw new DataException("csv: escape must be auto or one ASCII character."),
    };
}
