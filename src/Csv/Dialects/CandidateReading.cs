using CsvHelper;
using Etl.Csv.Reading;

namespace Etl.Csv.Dialects;

/// <summary>How well one candidate dialect explains a sample: rows of one width, with cells that look like values. In the spirit of van den Burg, Nazábal and Sutton, "Wrangling messy CSV files by detecting row and type patterns" (2019).</summary>
internal sealed class CandidateReading
{
    private const int MaxRecords = 300;
    private const int MaxCells = 20_000;
    private readonly RowWidths widths = new();
    private int records, cells, strong;
    private double likeness, malformed;

    /// <summary>The number of fields that most records have.</summary>
    public int Width { get; private set; }

    /// <summary>The share of records whose quotes do not match.</summary>
    public double Faults => records == 0 ? 0 : malformed / records;

    /// <summary>Between about -1 and 1; the highest of several candidates is the dialect.</summary>
    public double Score { get; private set; }

    /// <summary>Reads the first records of <paramref name="text"/>.</summary>
    public static CandidateReading Of(ReadOnlyMemory<byte> text, bool complete, CsvDialect dialect, bool trim = true)
    {
        var reading = new CandidateReading();
        using var reader = RecordReaders.Open(text, dialect with { TrimSpaces = trim && dialect.Delimiter is not (" " or "\t") }, m => reading.Note(m.Reason, complete));
        while (reading.records < MaxRecords && reading.cells < MaxCells && reader.Read())
            reading.Add(reader, dialect);
        reading.Decide(dialect);
        return reading;
    }

    /// <summary>What it speaks for to read every line as one value: little, but for values that are plainly whole.</summary>
    public static CandidateReading OfOneColumn(ReadOnlyMemory<byte> text, CsvDialect dialect)
    {
        var reading = Of(text, complete: false, dialect);
        reading.Width = 1;
        // The first line may be a name.
        var values = reading.records > 2 ? reading.cells - 1 : reading.cells;
        var whole = Math.Min(1, reading.strong / (double)Math.Max(1, values));
        reading.Score = whole > 0.8 ? 0.12 + (0.3 * whole) : 0.1;
        return reading;
    }

    private void Note(CsvMalformedReason reason, bool complete)
    {
        if (reason != CsvMalformedReason.UnterminatedQuote || complete)
            malformed += reason == CsvMalformedReason.StrayQuote ? 0.1 : 1;
    }

    private void Add(CsvReader reader, CsvDialect dialect)
    {
        var count = reader.FieldCount;
        records++;
        widths.Add(count);
        for (var i = 0; i < count && cells < MaxCells; i++)
        {
            var cell = reader.GetSpan(i);
            var shape = CellShapes.Of(cell);
            cells++;
            strong += shape.IsTyped() ? 1 : 0;
            likeness += Likeness(shape, cell, reader.GetRawSpan(i), dialect.Quote);
        }
    }

    // A cell that starts or ends with a quote was cut in two; one that holds what usually stands between fields may have been left whole.
    private static double Likeness(CellShape shape, ReadOnlySpan<byte> cell, ReadOnlySpan<byte> raw, char? quote)
    {
        if (shape.IsTyped())
            return 1;
        if (shape != CellShape.Text)
            return 0.7;
        if (quote is { } q && raw.TrimStart((byte)' ')[0] == q)
            return 0.8;
        if (cell.Contains((byte)'"'))
            return cell[0] == '"' || cell[^1] == '"' ? 0.1 : 0.2;
        var comma = cell.IndexOf((byte)',');
        return cell.IndexOfAny("\t;|"u8) >= 0 || (comma >= 0 && comma + 1 < cell.Length && cell[comma + 1] >= 'A') ? 0.4 : 0.7;
    }

    private void Decide(CsvDialect dialect)
    {
        if (records == 0)
            return;
        // Of two widths that are as frequent, the wider: the narrower rows lack something.
        Width = widths.Usual;
        if (Width < 2)
            return;
        // Rows of another width may lack something, or have too much, and still be rows.
        var split = records - widths.Of(1) - widths.Of(0);
        var even = (widths.Of(Width) + split) / (2.0 * records);
        var words = dialect.Delimiter == " " && Width == 2 ? 0.5 : 1;
        Score = (even * even * (1 - (1.0 / Width)) * likeness / cells * DelimiterCandidates.WeightOf(dialect.Delimiter) * words) - (0.3 * Faults);
    }
}
