using System.Text;
using CsvHelper;
using Etl.Core.Contracts;
using Etl.Csv.Dialects;

namespace Etl.Csv.Reading;

/// <summary>Takes records into pieces of rows. A record that is plainly a row is taken as it stands; any other is mended where it has one obvious reading, or rejected.</summary>
internal sealed class RowReader
{
    private readonly RecordCursor cursor;
    private readonly CsvDialect dialect;
    private readonly RowRejects rejects;
    private readonly bool asItStands;
    private readonly FieldDecoder decode;
    private readonly int delimiterSurplus;
    private readonly Dictionary<int, Reject> rejected = [];
    private readonly List<(int Row, string Repair)> repaired = [];
    private readonly List<long> surpluses = [];
    private byte[] unescaped = [];
    private long surplus;

    public RowReader(RecordCursor cursor, CsvDialect dialect, int fields, RowRejects rejects)
    {
        (this.cursor, this.dialect, this.rejects) = (cursor, dialect, rejects);
        Piece = new RowPiece(fields);
        var escapes = BackslashStream.IsNeeded(dialect);
        asItStands = !escapes && (dialect.Quote is not null || dialect.Escape is null);
        decode = escapes ? DecodeEscapes : static (record, field) => record.GetSpan(field);
        delimiterSurplus = dialect.NeedsStandIn() ? Encoding.UTF8.GetByteCount(dialect.Delimiter) - 1 : 0;
        Quote = asItStands && dialect.Quote is { } quote ? quote : -1;
    }

    /// <summary>The rows.</summary>
    public RowPiece Piece { get; }

    /// <summary>The quote character of fields as they stand, or -1.</summary>
    public int Quote { get; }

    /// <summary>The rows of the piece that were repaired, with the kind of repair.</summary>
    public IReadOnlyList<(int Row, string Repair)> Repaired => repaired;

    /// <summary>The rejection of a row that never was one, or null.</summary>
    public Reject? RejectedAt(int row) => rejected.GetValueOrDefault(row);

    /// <summary>By how much the text before a row is longer in the object than in its block.</summary>
    public long SurplusBefore(int row) => surpluses.Count == 0 ? 0 : surpluses[row];

    /// <summary>Adds the delimiters of the header, which are longer in the object than in the block.</summary>
    public void PassHeader() => surplus += (long)delimiterSurplus * (cursor.Record.FieldCount - 1);

    /// <summary>Starts the next piece.</summary>
    public void Clear()
    {
        Piece.Clear();
        rejected.Clear();
        repaired.Clear();
        surpluses.Clear();
    }

    /// <summary>Adds the record that the cursor is on.</summary>
    /// <returns>False when it is rejected: the row then has no values.</returns>
    public bool Add()
    {
        if (asItStands && cursor.Fault is null && cursor.Record.FieldCount == Piece.Fields && delimiterSurplus == 0)
        {
            Piece.AddRaw(cursor);
            return true;
        }
        if (delimiterSurplus > 0)
            surpluses.Add(surplus);
        var row = Piece.Rows;
        var accepted = Fault() is null;
        if (accepted)
            AddMended(row);
        else
            Piece.AddEmpty(cursor);
        surplus += (long)delimiterSurplus * (cursor.Record.FieldCount - 1);
        return accepted;
    }

    private void AddMended(int row)
    {
        Piece.AddDecoded(cursor, decode);
        if (cursor.Fault == CsvMalformedReason.StrayQuote)
            repaired.Add((row, "stray-quote"));
        if (cursor.Record.FieldCount < Piece.Fields)
            repaired.Add((row, "missing-fields"));
        else if (cursor.Record.FieldCount > Piece.Fields)
            repaired.Add((row, "extra-empty-fields"));
    }

    private Reject? Fault()
    {
        if (QuotingFault() is { } quoting)
            return Reject(quoting, "malformed");
        var raw = cursor.Blocks.Buffer.AsSpan(cursor.Start..cursor.End);
        if (!RowRejects.IsText(raw, dialect))
            return Reject(rejects.NoText, "encoding");
        var count = cursor.Record.FieldCount;
        return count > Piece.Fields && !ExtraFieldsAreEmpty(count) ? Reject($"expected {Piece.Fields} fields, found {count}", "too-many-fields") : null;
    }

    private string? QuotingFault() => cursor.Fault switch
    {
        CsvMalformedReason.UnterminatedQuote => "expected a closing quote, found the end of the object",
        CsvMalformedReason.TextAfterClosingQuote => "expected a delimiter after a closing quote, found text",
        // A stray quote alone is kept as text, but the reader names only a record's first fault.
        CsvMalformedReason.StrayQuote when HasOpenField() => "expected a delimiter after a closing quote, found text",
        CsvMalformedReason.TrailingEscape => "expected a character after the escape character, found the end of the object",
        _ => null,
    };

    private bool HasOpenField()
    {
        var quote = (byte)dialect.Quote!.Value;
        for (var i = 0; i < cursor.Record.FieldCount; i++)
        {
            var raw = cursor.Record.GetRawSpan(i);
            if (raw.Length > 0 && raw[0] == quote && (raw.Length == 1 || raw[^1] != quote || raw[1..^1].Count(quote) % 2 != 0))
                return true;
        }
        return false;
    }

    private bool ExtraFieldsAreEmpty(int count)
    {
        for (var i = Piece.Fields; i < count; i++)
        {
            if (!cursor.Record.GetSpan(i).IsEmpty)
                return false;
        }
        return true;
    }

    private ReadOnlySpan<byte> DecodeEscapes(CsvReader record, int field) => BackslashStream.Unescape(record.GetSpan(field), (byte)dialect.Escape!.Value, ref unescaped);

    private Reject Reject(string reason, string kind) =>
        rejected[Piece.Rows] = rejects.Create(cursor.Start, cursor.End, surplus, null, [], reason, kind);
}
