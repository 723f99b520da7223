using CsvHelper;
using Etl.Core.Errors;

namespace Etl.Csv.Dialects;

/// <summary>The two things that CsvHelper refuses whatever its options: a record beyond the limit, and the delimiter's stand-in in the data.</summary>
internal static class UnreadableRecord
{
    /// <summary>What a person can do about it.</summary>
    /// <param name="e">CsvHelper's refusal.</param>
    /// <param name="name">The object.</param>
    /// <param name="after">The line that the last readable record starts on; null when it is not known.</param>
    public static DataException Explain(CsvFormatException e, string name, long? after)
    {
        var where = after is null ? "" : $", after the record that starts on line {after}";
        return e.Message.Contains(nameof(CsvReaderOptions.MaxRecordSize), StringComparison.Ordinal)
            ? new DataException($"{name} has a record that does not end within {CsvReaders.MaxRecordBytes >> 20} MiB{where}: most likely a quote that is never closed. Mend the object, or state csv: quote: none if quotes are text there.", e)
            : new DataException($"{name} cannot be split at its delimiter: it holds the control character U+001F{where}. Remove that character, or write the object with a delimiter of one ASCII character.", e);
    }
}
