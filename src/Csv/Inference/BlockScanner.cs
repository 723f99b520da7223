using System.Runtime.InteropServices;
using System.Text;
using CsvHelper;
using Etl.Csv.Columns;
using Etl.Csv.Reading;

namespace Etl.Csv.Inference;

/// <summary>Shows the fields of a block's rows to the evidence of their columns. Rows that the parser would reject or leave out are no evidence. Not for two threads at a time.</summary>
internal sealed class BlockScanner(CsvDialect dialect, IReadOnlyList<string> header, ColumnEvidence[] evidence, NullTexts nulls)
{
    private readonly CsvDialect dialect = dialect with { SkipLines = 0 };
    // Whether what stands between a field's quotes shows what the field is, though quotes in it are doubled.
    private readonly bool showsAsItStands = !dialect.TrimSpaces && !RecordReaders.Rewrites(dialect) && (dialect.Quote is not null || dialect.Escape is null) && !nulls.Any;
    private readonly int quote = dialect.Quote ?? -1;
    private readonly byte[][] names = [.. header.Select(n => Encoding.UTF8.GetBytes(n))];
    private readonly PlainRecords plainRecords = new(evidence.Length, TableEdges.FirstNameOf(header), dialect);
    private byte[] room = [];

    /// <summary>What was found in each column.</summary>
    public ColumnEvidence[] Evidence => evidence;

    /// <summary>How many rows were looked at.</summary>
    public long Rows { get; private set; }

    /// <summary>Looks at a block.</summary>
    /// <param name="block">The block.</param>
    /// <param name="start">The place of its first record.</param>
    /// <param name="headerRows">How many of its first records are the header.</param>
    public void Scan(RecordBlock block, in RecordPlace start, int headerRows = 0)
    {
        foreach (var column in evidence)
            column.StartPiece();
        var isText = RowRejects.IsText(block.Text.Span, dialect);
        var malformed = false;
        // Where a quote is never closed, lines are rows as far as they have their width.
        var written = block.IsOpen ? dialect with { Quote = null, Escape = null } : dialect;
        var asItStands = !RecordReaders.Rewrites(written);
        using var records = RecordReaders.Open(block.Text, written, m => malformed |= m.Reason != CsvMalformedReason.StrayQuote, countLines: !asItStands);
        for (; headerRows > 0 && records.Read(); headerRows--)
            malformed = false;
        var takesRuns = showsAsItStands && isText && !block.IsOpen && evidence.Length > 1 && !RecordReaders.MayCopy(block.Text.Span);
        for (var untilRun = 0; ; untilRun--)
        {
            if (takesRuns && untilRun <= 0)
            {
                while (TryAddRun(records, block, start))
                    malformed = false;
                untilRun = PlainRecords.OneByOne;
            }
            if (!records.Read())
                break;
            var count = records.FieldCount;
            // Nothing but delimiters.
            if (records.RawRecord.Length < count && count > 1)
                continue;
            Rows++;
            var fits = !malformed && (block.IsOpen ? count == evidence.Length : count <= evidence.Length) && (isText || RowRejects.IsText(records.RawRecord, dialect)) && !IsHeader(records);
            malformed = false;
            if (fits)
                AddRow(records, asItStands ? start with { Uncounted = block.Text[..(int)records.ByteOffset] } : start with { Line = start.Line + records.LineNumber - 1 });
        }
    }

    /// <summary>Whether every record has <paramref name="width"/> fields and proper quotes: what tells that <paramref name="text"/> starts with a record.</summary>
    public static bool IsEven(ReadOnlyMemory<byte> text, CsvDialect dialect, int width)
    {
        var malformed = false;
        var rows = 0;
        using var records = RecordReaders.Open(text, dialect with { SkipLines = 0 }, _ => malformed = true);
        while (records.Read())
        {
            if (malformed || records.FieldCount != width)
                return false;
            rows++;
        }
        return rows > 1;
    }

    // Records that lie alike, a column at a time.
    private bool TryAddRun(CsvReader records, RecordBlock block, in RecordPlace start)
    {
        MemoryMarshal.TryGetArray(block.Text, out var array);
        var run = plainRecords.StartOf(RecordIndex.Ahead(records, evidence.Length, plainRecords.Most), array.Array!);
        if (run.Rows < PlainRecords.ShortestRun)
            return false;
        var text = new FieldText(array.Array!, [], quote);
        var places = new RunPlaces(start, block.Text, run);
        for (var i = 0; i < evidence.Length; i++)
            evidence[i].AddRun(text, run.Column(i), places, ref room);
        RecordIndex.Pass(records, run);
        Rows += run.Rows;
        return true;
    }

    // The header once more, as where files were put one after another.
    private bool IsHeader(CsvReader row)
    {
        if (names.Length < 2 || row.FieldCount != names.Length || !row.GetSpan(0).SequenceEqual(names[0]))
            return false;
        for (var i = 1; i < names.Length; i++)
        {
            if (!row.GetSpan(i).SequenceEqual(names[i]))
                return false;
        }
        return true;
    }

    private void AddRow(CsvReader row, in RecordPlace place)
    {
        var count = Math.Min(row.FieldCount, evidence.Length);
        for (var i = 0; i < count; i++)
        {
            if (showsAsItStands && evidence[i].ExpectsText && evidence[i].TryAddText(Inside(row.GetRawSpan(i))))
                continue;
            var field = row.GetSpan(i);
            if (field.IsEmpty || nulls.Contains(field))
                evidence[i].AddEmpty();
            else
                evidence[i].Add(field, place);
        }
        for (var i = count; i < evidence.Length; i++)
            evidence[i].AddEmpty();
    }

    // Empty when it takes more to know the field's text.
    private ReadOnlySpan<byte> Inside(ReadOnlySpan<byte> raw) => raw.IsEmpty || raw[0] != quote ? raw
        : raw.Length > 2 && raw[^1] == quote && raw[1] != quote ? raw[1..^1] : [];
}
