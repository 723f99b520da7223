using CsvHelper;
using Etl.Csv.Dialects;

namespace Etl.Csv.Reading;

/// <summary>
/// Finds where the first record starts in text that starts anywhere: in a record, in a quoted field, in a character. What follows a line end is a record unless that line end is quoted;
/// both readings are tried, and the one that gives rows of the usual width is taken. It may still be wrong; whoever reads the text before knows.
/// </summary>
internal static class RecordAligner
{
    private const int Records = 200;

    /// <summary>The place of the first record that starts after the first byte.</summary>
    /// <param name="text">Some text; the more, the surer.</param>
    /// <param name="last">Whether nothing follows it.</param>
    /// <param name="dialect">How it is written.</param>
    /// <param name="width">Fields in a row.</param>
    /// <returns>Null when no record starts in the text, as far as it goes.</returns>
    public static int? FirstRecord(ReadOnlyMemory<byte> text, bool last, CsvDialect dialect, int width)
    {
        var plain = AfterLineEnd(text.Span, 0);
        if (dialect.Quote is not { } quote || AfterQuotedField(text.Span, (byte)quote, dialect) is not { } afterQuoted || afterQuoted == plain)
            return plain;
        if (plain is null)
            return afterQuoted;
        return Fit(text[afterQuoted..], last, dialect, width) > Fit(text[plain.Value..], last, dialect, width) ? afterQuoted : plain;
    }

    /// <summary>After the line end at or behind <paramref name="from"/>; a CR that ends the text may be half of one.</summary>
    private static int? AfterLineEnd(ReadOnlySpan<byte> text, int from)
    {
        var end = text[from..].IndexOfAny((byte)'\r', (byte)'\n');
        if (end < 0)
            return null;
        end += from;
        if (text[end] == '\n')
            return end + 1;
        if (end + 1 == text.Length)
            return null;
        return text[end + 1] == '\n' ? end + 2 : end + 1;
    }

    // The text starts inside a quoted field: the field ends at the first quote that is not one of two.
    private static int? AfterQuotedField(ReadOnlySpan<byte> text, byte quote, CsvDialect dialect)
    {
        var quoted = true;
        var delimiter = (byte)dialect.Delimiter[0];
        var fieldStart = false;
        for (var i = 0; i < text.Length; i++)
        {
            var b = text[i];
            if (quoted)
            {
                if (b != quote)
                    continue;
                if (i + 1 < text.Length && text[i + 1] == quote)
                    i++;
                else
                    quoted = false;
                fieldStart = false;
            }
            else if (b is (byte)'\n' or (byte)'\r')
            {
                return AfterLineEnd(text, i);
            }
            else
            {
                quoted = b == quote && fieldStart;
                fieldStart = b == delimiter;
            }
        }
        return null;
    }

    private static double Fit(ReadOnlyMemory<byte> text, bool last, CsvDialect dialect, int width)
    {
        var faults = 0;
        using var reader = CsvReader.Create(text, dialect.ReaderOptions(m => faults += m.Reason == CsvMalformedReason.StrayQuote ? 0 : 1) with { TrackLineNumbers = false });
        var (read, even) = (0, 0);
        var more = reader.Read();
        for (; more && read < Records; read++)
        {
            var fields = reader.FieldCount;
            var faulty = faults;
            more = reader.Read();
            // The last record of the text may be cut.
            if (!more && !last)
                break;
            even += fields == width && faulty == 0 ? 1 : 0;
            faults = more ? faults - faulty : faults;
        }
        return read == 0 ? 0 : even / (double)read;
    }
}
