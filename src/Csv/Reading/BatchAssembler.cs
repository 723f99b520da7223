using System.Runtime.InteropServices;
using Apache.Arrow;
using Etl.Core.Contracts;
using Etl.Core.Schemas;
using Etl.Csv.Columns;

namespace Etl.Csv.Reading;

/// <summary>Makes batches of the rows of an object: some rows at a time, and of those a column at a time.</summary>
internal sealed class BatchAssembler : IDisposable
{
    /// <summary>Rows in a full batch.</summary>
    public const int BatchRows = 32_768;

    /// <summary>Bytes of text after which a batch is full, whatever its rows.</summary>
    public const int BatchBytes = 4 * 1024 * 1024;

    private readonly RecordCursor cursor;
    private readonly RowReader reader;
    private readonly RowRejects rowRejects;
    private readonly CsvDialect dialect;
    private readonly TableSchema schema;
    private readonly Schema arrow;
    private readonly ColumnBuilder[] columns;
    private readonly int[] fields;
    private readonly int[] absent;
    private readonly LeftOutColumns leftOut;
    private readonly ParseTally tally;
    private readonly RowPlaces? places;
    private readonly RowFaults faults = new();
    private readonly List<Reject> rejects = [];
    private byte[] room = [];
    private int rows;
    private long bytes;
    private bool onRecord;

    public BatchAssembler(RecordCursor cursor, CsvDialect dialect, TableSchema schema, int[] fields, IReadOnlyDictionary<int, string> unknown, RecordRepair repair, CsvOptions options, SplitInput input, RowRejects rowRejects)
    {
        (tally, places) = (input.Tally, input.Places);
        (this.cursor, this.dialect, this.schema, this.fields, this.rowRejects) = (cursor, dialect, schema, fields, rowRejects);
        reader = new RowReader(cursor, dialect, fields.Length, repair, options.Repairs, rowRejects);
        arrow = schema.ToArrow();
        var nullTexts = new NullTexts(options.Null ?? []);
        columns = [.. schema.Columns.Select(c => ColumnBuilders.Create(c, c.Format?.Null is { } own ? new NullTexts([.. options.Null ?? [], .. own]) : nullTexts, transcoded: dialect.Encoding != "utf-8"))];
        absent = HeaderMap.Unfilled(fields, columns.Length);
        leftOut = new LeftOutColumns(unknown, options.Contract ?? SchemaContract.Evolve, nullTexts, transcoded: dialect.Encoding != "utf-8");
    }

    /// <summary>Whether it is time to <see cref="TakeBatch"/>.</summary>
    public bool IsFull => rows >= BatchRows || bytes >= BatchBytes;

    /// <summary>The rows that the last <see cref="Fill"/> rejected, in order.</summary>
    public IReadOnlyList<Reject> Rejects => rejects;

    /// <summary>The cursor is on the first row already: there is no header.</summary>
    public void StartOnRecord() => onRecord = true;

    /// <summary>The cursor is on the header.</summary>
    public void PassHeader() => reader.PassHeader();

    /// <summary>Takes some more rows of the block.</summary>
    /// <returns>False when no whole row is left in it.</returns>
    public bool Fill()
    {
        rejects.Clear();
        faults.Clear();
        reader.Clear();
        var piece = reader.Piece;
        var most = Math.Min(piece.Capacity, BatchRows - rows);
        if (onRecord || !reader.TryAddRun(ref most))
            AddRecords(most);
        foreach (var kind in reader.LeftOut)
            Count(kind);
        if (piece.Rows == 0)
            return false;
        tally.RowsRead += piece.Rows;
        bytes += piece.Span(piece.Rows - 1).End - piece.Span(0).Start;
        cursor.Blocks.CountTo(piece.Span(piece.Rows - 1).End);
        var text = new FieldText(cursor.Blocks.Buffer, piece.Side, reader.Quote);
        for (var field = 0; field < fields.Length; field++)
        {
            if (fields[field] < 0)
            {
                leftOut.Append(text, piece.Column(field), field, faults);
                continue;
            }
            columns[fields[field]].Append(text, piece.Column(field), field, faults);
            if (schema.Columns[fields[field]].IsRefused)
                LeftOutColumns.Refuse(columns[fields[field]], piece.Rows, field, faults);
        }
        foreach (var column in absent)
            columns[column].AppendNulls(piece.Rows);
        if (!faults.IsEmpty)
            RejectFaults(text);
        leftOut.Count(faults, tally.Discarded);
        foreach (var (row, repair) in reader.Repaired)
        {
            // A row that is rejected is not repaired.
            if (!faults.Contains(row))
                Count(repair);
        }
        if (places is not null)
            NotePlaces(places);
        rows += piece.Rows - rejects.Count;
        return true;
    }

    /// <summary>The rows since the last batch; null when there are none.</summary>
    public RecordBatch? TakeBatch()
    {
        bytes = 0;
        if (rows == 0)
            return null;
        var batch = new RecordBatch(arrow, columns.Select(c => c.Build()), rows);
        rows = 0;
        return batch;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var column in columns)
            column.Dispose();
        leftOut.Dispose();
    }

    private void AddRecords(int most)
    {
        while (reader.Piece.Rows < most && (onRecord || cursor.Read()))
        {
            onRecord = false;
            if (!reader.Add())
                faults.Add(reader.Piece.Rows - 1, -1, ValueFault.Type);
        }
    }

    private void Count(string repair) => tally.Repairs[repair] = tally.Repairs.GetValueOrDefault(repair) + 1;

    private void NotePlaces(RowPlaces places)
    {
        places.LineFrom = rowRejects.LineFrom;
        var piece = reader.Piece;
        var at = piece.Span(0).Start;
        var line = rowRejects.LineOf(at);
        for (var row = 0; row < piece.Rows; row++)
        {
            var start = piece.Span(row).Start;
            line += LineBreaks.Count(cursor.Blocks.Buffer.AsSpan(at..start));
            at = start;
            if (!faults.Contains(row))
                places.Add(line, rowRejects.OffsetOf(start, reader.SurplusBefore(row)));
        }
    }

    private void RejectFaults(FieldText text)
    {
        var removed = new List<int>();
        foreach (var (row, field, fault) in faults.Rows)
        {
            removed.Add(rows + row);
            rejects.Add(reader.RejectedAt(row) ?? Describe(text, row, field, fault));
        }
        foreach (var column in columns)
            column.Remove(CollectionsMarshal.AsSpan(removed));
    }

    private Reject Describe(FieldText text, int row, int field, ValueFault fault)
    {
        var (start, end) = reader.Piece.Span(row);
        var surplus = reader.SurplusBefore(row);
        if (fault == ValueFault.Encoding || !RowRejects.IsText(cursor.Blocks.Buffer.AsSpan(start..end), dialect))
            return rowRejects.Create(start, end, surplus, null, [], rowRejects.NoText, "encoding");
        var slot = reader.Piece.Column(field)[row];
        var value = text.Decode(slot, ref room);
        if (fault == ValueFault.Unknown)
            return rowRejects.Create(start, end, surplus, leftOut.NameOf(field) ?? schema.Columns[fields[field]].Name, value, "expected no value: the table, or the declaration, has no such column (contract: discard_row)", "unknown-column");
        var column = schema.Columns[fields[field]];
        var mismatch = fault == ValueFault.Required
            ? rowRejects.Create(start, end, surplus, column.Name, [], $"expected a value, found {(slot.IsMissing ? "no field" : "none")}", "required")
            : rowRejects.Create(start, end, surplus, column.Name, value, ValueReasons.Mismatch(column, value), "type");
        // Inference takes rows that have to be repaired for no evidence.
        return reader.Repaired.Any(r => r.Row == row && r.Repair != RepairKinds.StrayQuote && r.Repair != RepairKinds.MissingFields) ? mismatch
            : UnseenValue.Judge(column, mismatch, "csv", "Declare the column under csv: columns");
    }
}
