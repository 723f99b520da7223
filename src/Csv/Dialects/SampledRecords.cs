using System.Text;
using CsvHelper;
using Etl.Csv.Reading;

namespace Etl.Csv.Dialects;

/// <summary>The first records of a sample, as one candidate dialect reads them.</summary>
internal sealed class SampledRecords
{
    private const int PreambleLimit = 50;
    private readonly List<long> lines = [];
    private int malformed;

    /// <summary>The records, less the preamble once <see cref="TrimPreamble"/> was called.</summary>
    public List<string[]> Rows { get; } = [];

    /// <summary>How well the candidate explains the sample: even rows of many fields.</summary>
    public double Score
    {
        get
        {
            if (Rows.Count == 0)
                return 0;
            var width = UsualWidth();
            if (width < 2)
                return 0;
            var even = Rows.Count(r => r.Length == width) / (double)Rows.Count;
            return even * even * (1 + Math.Log2(width) / 8) - malformed / (double)Rows.Count;
        }
    }

    public static SampledRecords Read(ReadOnlyMemory<byte> text, bool complete, CsvDialect dialect, int limit)
    {
        var sampled = new SampledRecords();
        using var records = RecordReaders.Open(text, dialect, m => sampled.malformed += m.Reason == CsvMalformedReason.StrayQuote ? 0 : 1);
        while (sampled.Rows.Count <= limit && records.Read())
        {
            var row = new string[records.FieldCount];
            for (var i = 0; i < row.Length; i++)
                row[i] = Encoding.UTF8.GetString(records.GetSpan(i));
            sampled.Rows.Add(row);
            sampled.lines.Add(records.LineNumber);
        }
        // The last record of a sample may be cut.
        if (!complete && sampled.Rows.Count is > 1 && sampled.Rows.Count <= limit)
            sampled.Rows.RemoveAt(sampled.Rows.Count - 1);
        return sampled;
    }

    /// <summary>Leaves out the lines before the first row that is more than half as wide as most rows: titles and notes. A header or a row that lacks a field or two is none.</summary>
    /// <returns>How many lines that is.</returns>
    public int TrimPreamble()
    {
        var width = UsualWidth();
        if (width < 2)
            return 0;
        var first = Rows.FindIndex(r => r.Length * 2 > width);
        if (first <= 0 || first > PreambleLimit)
            return 0;
        Rows.RemoveRange(0, first);
        return (int)lines[first] - 1;
    }

    private int UsualWidth()
    {
        var widths = new Dictionary<int, int>();
        foreach (var row in Rows)
            widths[row.Length] = widths.GetValueOrDefault(row.Length) + 1;
        return widths.Count == 0 ? 0 : widths.MaxBy(w => (w.Value, w.Key)).Key;
    }
}
