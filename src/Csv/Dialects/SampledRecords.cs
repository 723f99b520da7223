using System.Text;
using Etl.Csv.Reading;

namespace Etl.Csv.Dialects;

/// <summary>The first records of a sample, as its dialect reads them.</summary>
/// <param name="Rows">The fields of each record.</param>
/// <param name="Lines">The line each one starts on, from 1.</param>
internal sealed record SampledRecords(List<string[]> Rows, List<long> Lines)
{
    private const int MaxRecords = 200;
    private const int MaxCells = 100_000;
    private const int FewestRecords = 8;

    /// <summary>Reads <paramref name="text"/>, whose first lines the dialect says to skip.</summary>
    public static SampledRecords Read(ReadOnlyMemory<byte> text, bool complete, CsvDialect dialect)
    {
        var sampled = new SampledRecords([], []);
        var fault = false;
        byte[] first = [];
        using var reader = RecordReaders.Open(text, dialect, m => fault = m.Reason != CsvHelper.CsvMalformedReason.StrayQuote);
        var cells = 0;
        while (sampled.Rows.Count < MaxRecords && (cells < MaxCells || sampled.Rows.Count < FewestRecords) && reader.Read())
        {
            var row = new string[reader.FieldCount];
            for (var i = 0; i < row.Length; i++)
                row[i] = Encoding.UTF8.GetString(reader.GetSpan(i));
            if (fault && sampled.Rows.Count == 0)
                first = reader.RawRecord.ToArray();
            sampled.Rows.Add(row);
            sampled.Lines.Add(dialect.SkipLines + reader.LineNumber);
            cells += row.Length;
        }
        // The last record of a sample may be cut.
        if (!complete && sampled.Rows.Count is > 1 and < MaxRecords)
            sampled.Rows.RemoveAt(sampled.Rows.Count - 1);
        if (first.Length > 0)
            sampled.MendFirst(first, dialect);
        return sampled;
    }

    // A header whose quotes do not match may have swallowed rows; how many fields it has is known from the others.
    private void MendFirst(byte[] record, CsvDialect dialect)
    {
        var width = UsualWidth();
        if (width < 2)
            return;
        var mended = new RecordRepair(dialect, RowProfile.Unknown(width), [], new RepairOptions()) { IsMixed = false }.Repair(record, fault: true);
        if (mended.Outcome == RecordOutcome.Row)
            Rows[0] = [.. mended.Fields.Select(f => Encoding.UTF8.GetString(f.Text.Span))];
    }

    /// <summary>The number of fields that most records have; of two that are as frequent, the larger.</summary>
    public int UsualWidth()
    {
        var widths = new RowWidths();
        foreach (var row in Rows)
            widths.Add(row.Length);
        return widths.Usual;
    }
}
