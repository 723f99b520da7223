using System.Text;
using CsvHelper;
using Etl.Core.Errors;
using Etl.Csv.Dialects;

namespace Etl.Csv.Reading;

/// <summary>Reads one row of a header, in spite of quotes that do not match or a delimiter of its own.</summary>
internal static class HeaderReader
{
    private static readonly string[] OtherDelimiters = [",", ";", "\t", "|", " "];

    /// <summary>The names in the record that the reader is on, and how many bytes of the record belong to them: an open quote may have joined rows to the header.</summary>
    /// <param name="reader">The reader, on the header.</param>
    /// <param name="fault">The quoting fault that the reader reported, or null.</param>
    /// <param name="dialect">How the object is written.</param>
    /// <param name="name">The object, for errors.</param>
    /// <param name="line">The line of the header, for errors.</param>
    /// <exception cref="DataException">The quotes of the header do not match.</exception>
    public static (string[] Names, int Length) Read(CsvReader reader, CsvMalformedReason? fault, CsvDialect dialect, string name, long line)
    {
        var names = HeaderMap.Read(reader);
        var raw = reader.RawRecord;
        var width = dialect.Width;
        if (names.Length == 1 && width > 2 && OfOtherDelimiter(names[0], width) is { } split)
            return (split, raw.Length);
        if (fault is null || (fault == CsvMalformedReason.StrayQuote && (names.Length == width || width == 0)))
            return (names, raw.Length);
        var read = new RecordRepair(dialect, RowProfile.Unknown(width == 0 ? names.Length : width), [], new RepairOptions()) { IsMixed = false }.Repair(raw, fault: true);
        if (read.Outcome != RecordOutcome.Row)
            throw new DataException($"{name} has a header whose quotes do not match (line {line}). Mend it, or state csv: quote.");
        return ([.. read.Fields.Select(f => Encoding.UTF8.GetString(f.Text.Span))], read.Length);
    }

    /// <summary>The names in a line that has another delimiter than the rows below; null when it has none that gives a name for each column.</summary>
    public static string[]? OfOtherDelimiter(string line, int width)
    {
        foreach (var delimiter in OtherDelimiters)
        {
            var fields = new LenientFields(delimiter, '"', '"').Split(Encoding.UTF8.GetBytes(line));
            if (fields.Count != width || fields.Exists(f => f.Text.IsEmpty || CellShapes.Of(f.Text.Span).IsTyped()))
                continue;
            string[] names = [.. fields.Select(f => Encoding.UTF8.GetString(f.Text.Span))];
            if (names.Distinct(StringComparer.OrdinalIgnoreCase).Count() == width)
                return names;
        }
        return null;
    }
}
