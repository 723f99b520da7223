using System.Text;
using System.Text.Unicode;
using CsvHelper;
using Etl.Csv.Dialects;
using Etl.Csv.Reading;

namespace Etl.Csv.Inference;

/// <summary>Shows the fields of a block's rows to the evidence of their columns. Rows that the parser would reject are no evidence. Not for two threads at a time.</summary>
internal sealed class BlockScanner(CsvDialect dialect, ColumnEvidence[] evidence, IReadOnlyList<string> nulls)
{
    private readonly CsvDialect dialect = dialect with { SkipLines = 0 };
    private readonly byte[][] nulls = [.. nulls.Select(Encoding.UTF8.GetBytes)];

    /// <summary>What was found in each column.</summary>
    public ColumnEvidence[] Evidence => evidence;

    /// <summary>How many rows were looked at.</summary>
    public long Rows { get; private set; }

    /// <summary>Looks at a block.</summary>
    /// <param name="text">Whole records.</param>
    /// <param name="start">The place of the first.</param>
    /// <param name="hasHeader">Whether the first is the header.</param>
    public void Scan(ReadOnlyMemory<byte> text, in RecordPlace start, bool hasHeader = false)
    {
        foreach (var column in evidence)
            column.StartPiece();
        var isText = IsText(text.Span);
        var malformed = false;
        using var records = RecordReaders.Open(text, dialect, m => malformed |= m.Reason != CsvMalformedReason.StrayQuote);
        if (hasHeader)
            records.Read();
        malformed = false;
        while (records.Read())
        {
            Rows++;
            var fits = !malformed && records.FieldCount <= evidence.Length && (isText || IsText(records.RawRecord));
            malformed = false;
            if (fits)
                AddRow(records, start with { Line = start.Line + records.LineNumber - 1 });
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

    private bool IsText(ReadOnlySpan<byte> text) =>
        dialect.Encoding == "utf-8" ? Utf8.IsValid(text) : text.IndexOf(TextEncodings.InvalidUtf8) < 0;

    private void AddRow(CsvReader row, in RecordPlace place)
    {
        var count = Math.Min(row.FieldCount, evidence.Length);
        for (var i = 0; i < count; i++)
        {
            var field = row.GetSpan(i);
            if (field.IsEmpty || (nulls.Length > 0 && IsNull(field)))
                evidence[i].AddEmpty();
            else
                evidence[i].Add(field, place);
        }
        for (var i = count; i < evidence.Length; i++)
            evidence[i].AddEmpty();
    }

    private bool IsNull(ReadOnlySpan<byte> field)
    {
        foreach (var known in nulls)
        {
            if (field.SequenceEqual(known))
                return true;
        }
        return false;
    }
}
