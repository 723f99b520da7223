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
    private readonly RecordRepair repair;
    private readonly RepairOptions actions;
    private readonly RowRejects rejects;
    private readonly bool asItStands;
    private readonly FieldDecoder decode;
    private readonly int delimiterSurplus;
    private readonly bool takesRuns;
    private readonly PlainRecords plainRecords;
    private readonly Dictionary<int, Reject> rejected = [];
    private readonly List<(int Row, string Repair)> repaired = [];
    private readonly List<string> leftOut = [];
    private readonly List<long> surpluses = [];
    private byte[] unescaped = [];
    private long surplus;

    public RowReader(RecordCursor cursor, CsvDialect dialect, int fields, RecordRepair repair, RepairOptions actions, RowRejects rejects)
    {
        (this.cursor, this.dialect, this.repair, this.actions, this.rejects) = (cursor, dialect, repair, actions, rejects);
        Piece = new RowPiece(fields);
        var escapes = BackslashStream.IsNeeded(dialect);
        asItStands = !escapes && !dialect.TrimSpaces && (dialect.Quote is not null || dialect.Escape is null);
        decode = escapes ? DecodeEscapes : static (record, field) => record.GetSpan(field);
        delimiterSurplus = dialect.NeedsStandIn() ? Encoding.UTF8.GetByteCount(dialect.Delimiter) - 1 : 0;
        takesRuns = asItStands && delimiterSurplus == 0 && !repair.IsMixed && fields > 1;
        plainRecords = new PlainRecords(fields, repair.FirstName, dialect);
        Quote = asItStands && dialect.Quote is { } quote ? quote : -1;
    }

    /// <summary>The rows.</summary>
    public RowPiece Piece { get; }

    /// <summary>The quote character of fields as they stand, or -1.</summary>
    public int Quote { get; }

    /// <summary>The rows of the piece that were repaired, with the kind of repair.</summary>
    public IReadOnlyList<(int Row, string Repair)> Repaired => repaired;

    /// <summary>What stood between the rows of the piece and is none, by kind.</summary>
    public IReadOnlyList<string> LeftOut => leftOut;

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
        leftOut.Clear();
        surpluses.Clear();
    }

    /// <summary>Starts the next piece with records that are plainly rows.</summary>
    /// <param name="most">The most rows.</param>
    /// <returns>False when the next ones have to be looked at one by one, at most <paramref name="most"/> of them.</returns>
    public bool TryAddRun(ref int most)
    {
        if (!takesRuns || repair.InAnotherTable)
            return false;
        var run = plainRecords.StartOf(cursor.Ahead(Piece.Fields, Math.Min(most, plainRecords.Most)), cursor.Blocks.Buffer);
        if (run.Rows < Math.Min(most, PlainRecords.ShortestRun))
        {
            most = Math.Min(most, PlainRecords.OneByOne);
            return false;
        }
        cursor.Pass(run);
        Piece.Set(run);
        return true;
    }

    /// <summary>Adds the record that the cursor is on, unless it is no row.</summary>
    /// <returns>False when it is rejected: the row then has no values.</returns>
    public bool Add()
    {
        var plain = IsPlain();
        if (plain && asItStands && delimiterSurplus == 0)
        {
            if (cursor.Fault is not null)
                repaired.Add((Piece.Rows, RepairKinds.StrayQuote));
            Piece.AddRaw(cursor);
            return true;
        }
        if (delimiterSurplus > 0)
            surpluses.Add(surplus);
        var accepted = plain ? AddPlain() : AddAgain();
        surplus += (long)delimiterSurplus * cursor.Blocks.Buffer.AsSpan(cursor.Start..cursor.End).Count((byte)CsvReaders.DelimiterStandIn);
        return accepted;
    }

    // Whether the record can be taken as the reader gives it.
    private bool IsPlain()
    {
        if (cursor.Record.FieldCount != Piece.Fields || repair.InAnotherTable || (cursor.Fault is not null && !IsStrayQuote()))
            return false;
        if (repair.IsMixed && !RowRejects.IsText(cursor.Blocks.Buffer.AsSpan(cursor.Start..cursor.End), dialect))
            return false;
        return plainRecords.Hold(cursor.Blocks.Buffer, cursor.Start, cursor.End, cursor.Record.GetRawSpan(0).Length);
    }

    // A stray quote alone is text, but the reader names only a record's first fault.
    private bool IsStrayQuote() => cursor.Fault == CsvMalformedReason.StrayQuote && actions.Of(RepairKinds.StrayQuote) == RepairAction.Accept && !HasOpenField() && !repair.IsOdd(cursor.Record);

    private bool AddPlain()
    {
        if (cursor.Fault is not null)
            repaired.Add((Piece.Rows, RepairKinds.StrayQuote));
        if (!RowRejects.IsText(cursor.Blocks.Buffer.AsSpan(cursor.Start..cursor.End), dialect))
            return Reject(rejects.NoText, "encoding");
        Piece.AddDecoded(cursor, decode);
        return true;
    }

    private bool AddAgain()
    {
        var record = cursor.Blocks.Buffer.AsSpan(cursor.Start..cursor.End);
        var again = repair.Repair(record, cursor.Fault is not null);
        cursor.CutTo(again.Length);
        if (again.Outcome != RecordOutcome.NoRow && again.Kind != RepairKinds.OtherEncoding && !RowRejects.IsText(record[..again.Length], dialect))
            return Reject(rejects.NoText, "encoding");
        if (again.Outcome == RecordOutcome.Rejected)
        {
            if (actions.Of(again.Kind) == RepairAction.Error)
                throw rejects.Unwanted(cursor.Start, surplus, again.Kind);
            return Reject(again.Reason, again.Kind);
        }
        if (again.Outcome == RecordOutcome.NoRow)
        {
            if (delimiterSurplus > 0)
                surpluses.RemoveAt(surpluses.Count - 1);
            if (again.Kind.Length > 0)
                leftOut.Add(again.Kind);
            return true;
        }
        if (again.Kind.Length > 0)
            repaired.Add((Piece.Rows, again.Kind));
        Piece.AddFields(cursor, again.Fields);
        return true;
    }

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

    private ReadOnlySpan<byte> DecodeEscapes(CsvReader record, int field) => BackslashStream.Unescape(record.GetSpan(field), (byte)dialect.Escape!.Value, ref unescaped);

    private bool Reject(string reason, string kind)
    {
        rejected[Piece.Rows] = rejects.Create(cursor.Start, cursor.End, surplus, null, [], reason, kind);
        Piece.AddEmpty(cursor);
        return false;
    }
}
