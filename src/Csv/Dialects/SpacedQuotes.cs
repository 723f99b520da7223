using System.Text;

namespace Etl.Csv.Dialects;

/// <summary>Whether quoted fields stand apart from their delimiters, as in <c>1, "a, b", 2</c>.</summary>
internal static class SpacedQuotes
{
    /// <summary>Whether any do.</summary>
    public static bool Are(ReadOnlyMemory<byte> text, CsvDialect dialect)
    {
        var separator = Encoding.UTF8.GetBytes(dialect.Delimiter);
        if (dialect.Delimiter is " " or "\t")
            return false;
        byte[] opening = [.. separator, (byte)' ', (byte)dialect.Quote!.Value];
        byte[] closing = [(byte)dialect.Quote!.Value, (byte)' ', .. separator];
        var (opened, closed) = (text.Span.Count(opening), text.Span.Count(closing));
        return Math.Max(opened, closed) > 0 && CandidateReading.Of(text, complete: false, dialect with { TrimSpaces = true }).Faults < CandidateReading.Of(text, complete: false, dialect, trim: false).Faults;
    }
}
