using System.Text;
using System.Text.Unicode;
using Apache.Arrow;
using CsvHelper;
using Etl.Core.Contracts;
using Etl.Core.Schemas;
using Etl.Csv.Columns;
using Etl.Csv.Dialects;
using Etl.Csv.Inference;

namespace Etl.Csv.Reading;

/// <summary>Why <see cref="BatchAssembler.Fill"/> came back.</summary>
internal enum FillResult
{
    /// <summary>The stream has to be awaited: <see cref="BatchAssembler.Pending"/>.</summary>
    Waiting,

    /// <summary>A batch is full.</summary>
    Full,

    /// <summary>A row was rejected: <see cref="BatchAssembler.Rejected"/>.</summary>
    Rejected,

    /// <summary>There is no more row.</summary>
    Ended,
}

/// <summary>The hot loop: takes records off CsvHelper's reader and writes their fields into column builders. It leaves the loop only when it has to: to await, to hand over a batch, to report a row.</summary>
internal sealed class BatchAssembler
{
    /// <summary>Rows in a full batch.</summary>
    public const int BatchRows = 32_768;

    /// <summary>Bytes of text after which a batch is full, whatever its rows.</summary>
    public const int BatchBytes = 16 * 1024 * 1024;

    private const int RowBytes = 64 * 1024;
    private readonly CsvReader reader;
    private readonly Utf8Source source;
    private readonly CsvDialect dialect;
    private readonly TableSchema schema;
    private readonly Schema arrow;
    private readonly ColumnBuilder[] columns;
    private readonly ColumnBuilder[] fieldColumns;
    private readonly int[] fields;
    private readonly int[] absent;
    private readonly byte[][] nulls;
    private readonly byte escape;
    private readonly ParseTally tally;
    private readonly string name;
    private readonly CancellationToken cancel;
    private readonly int delimiterSurplus;
    private byte[] unescaped = [];
    private int rows, capacity;
    private long batchStart, surplus;
    private bool onRecord, strayQuote;

    public BatchAssembler(CsvReader reader, Utf8Source source, CsvDialect dialect, TableSchema schema, int[] fields, IReadOnlyList<string> nulls, ParseTally tally, string name, CancellationToken cancel)
    {
        (this.reader, this.source, this.dialect, this.schema, this.fields, this.tally, this.name, this.cancel) = (reader, source, dialect, schema, fields, tally, name, cancel);
        arrow = schema.ToArrow();
        columns = [.. schema.Columns.Select(c => ColumnBuilders.Create(c.Type))];
        fieldColumns = [.. fields.Select(f => columns[f])];
        absent = [.. Enumerable.Range(0, columns.Length).Except(fields)];
        this.nulls = [.. nulls.Select(Encoding.UTF8.GetBytes)];
        escape = BackslashStream.IsNeeded(dialect) ? (byte)dialect.Escape!.Value : (byte)0;
        delimiterSurplus = dialect.NeedsStandIn() ? Encoding.UTF8.GetByteCount(dialect.Delimiter) - 1 : 0;
    }

    /// <summary>What to await after <see cref="FillResult.Waiting"/>; its outcome goes to <see cref="Resume"/>.</summary>
    public Task<bool>? Pending { get; private set; }

    /// <summary>The row after <see cref="FillResult.Rejected"/>.</summary>
    public Reject? Rejected { get; private set; }

    /// <summary>The quoting fault that the reader reported for the record it is about to give.</summary>
    public CsvMalformedReason? Malformed { get; set; }

    /// <summary>The reader is on a record already: no header was read.</summary>
    public void StartOnRecord(CsvMalformedReason? fault) => (onRecord, Malformed) = (true, fault);

    /// <summary>Adds the delimiters of the header, which are longer in the object than in the reader.</summary>
    public void PassHeader(int fieldCount) => surplus += (long)delimiterSurplus * (fieldCount - 1);

    /// <summary>Goes on after <see cref="Pending"/>.</summary>
    public bool Resume(bool found) => onRecord = found;

    /// <summary>Appends rows until there is a reason to stop.</summary>
    public FillResult Fill()
    {
        while (true)
        {
            if (rows == BatchRows || reader.ByteOffset - batchStart >= BatchBytes && rows > 0)
                return FillResult.Full;
            if (!onRecord)
            {
                var next = reader.ReadAsync(cancel);
                if (!next.IsCompletedSuccessfully)
                {
                    Pending = next.AsTask();
                    return FillResult.Waiting;
                }
                if (!next.GetAwaiter().GetResult())
                    return FillResult.Ended;
            }
            onRecord = false;
            tally.RowsRead++;
            if (rows == capacity)
                Grow();
            Rejected = AppendRow();
            surplus += (long)delimiterSurplus * (reader.FieldCount - 1);
            Malformed = null;
            if (Rejected is not null)
                return FillResult.Rejected;
            rows++;
        }
    }

    /// <summary>The rows appended since the last batch; null when there are none.</summary>
    public RecordBatch? TakeBatch()
    {
        if (rows == 0)
            return null;
        foreach (var column in absent)
        {
            for (var row = 0; row < rows; row++)
                columns[column].AppendNull(row);
        }
        var arrays = new IArrowArray[columns.Length];
        for (var i = 0; i < arrays.Length; i++)
            arrays[i] = columns[i].Build(rows);
        var batch = new RecordBatch(arrow, arrays, rows);
        rows = 0;
        batchStart = reader.ByteOffset;
        return batch;
    }

    private Reject? AppendRow()
    {
        strayQuote = false;
        if (Malformed is not null && QuotingFault() is { } fault)
            return fault;
        if (source.SawNonAscii && !IsText(reader.RawRecord, dialect))
            return Reject(null, "", $"expected text in {dialect.Encoding}, found bytes that are none", "encoding");
        var count = reader.FieldCount;
        if (count > fields.Length && !ExtraFieldsAreEmpty(count))
            return Reject(null, "", $"expected {fields.Length} fields, found {count}", "too-many-fields");
        var present = Math.Min(count, fields.Length);
        var row = rows;
        for (var i = 0; i < present; i++)
        {
            var column = fieldColumns[i];
            var text = reader.GetSpan(i);
            if (escape != 0)
                text = BackslashStream.Unescape(text, escape, ref unescaped);
            if (text.IsEmpty ? !(column.HoldsEmptyText && reader.GetRawSpan(i).Length > 0) : nulls.Length > 0 && IsNull(text))
            {
                if (!schema.Columns[fields[i]].Nullable)
                    return Undo(i, "", "expected a value, found none", "required");
                column.AppendNull(row);
            }
            else if (!column.TryAppend(row, text))
            {
                if (!IsBlank(text))
                    return Undo(i, Shown(text), Mismatch(schema.Columns[fields[i]].Type, text), "type");
                if (!schema.Columns[fields[i]].Nullable)
                    return Undo(i, "", "expected a value, found none", "required");
                column.AppendNull(row);
            }
        }
        if (present < fields.Length)
        {
            for (var i = present; i < fields.Length; i++)
            {
                if (!schema.Columns[fields[i]].Nullable)
                    return Undo(i, "", "expected a value, found no field", "required");
                fieldColumns[i].AppendNull(row);
            }
        }
        // Counted last: a row that is rejected is not repaired.
        if (count < fields.Length)
            Count("missing-fields");
        else if (count > fields.Length)
            Count("extra-empty-fields");
        if (strayQuote)
            Count("stray-quote");
        return null;
    }

    private Reject Undo(int field, string value, string reason, string kind)
    {
        foreach (var column in columns)
            column.Discard(rows);
        return Reject(schema.Columns[fields[field]].Name, value, reason, kind);
    }

    private Reject Reject(string? column, string value, string reason, string kind)
    {
        var raw = reader.RawRecord;
        return new Reject(name, dialect.SkipLines + reader.LineNumber, dialect.Encoding == "utf-8" ? dialect.BomLength + Offset : Offset,
            column, value, reason, kind, Shown(raw));
    }

    private static string Shown(ReadOnlySpan<byte> text) => Encoding.UTF8.GetString(text.Length > RowBytes ? text[..RowBytes] : text);

    private long Offset => source.Skipped + reader.ByteOffset + surplus;

    private Reject? QuotingFault()
    {
        strayQuote = Malformed == CsvMalformedReason.StrayQuote;
        return QuotingReject();
    }

    private Reject? QuotingReject() => Malformed switch
    {
        CsvMalformedReason.UnterminatedQuote => Reject(null, "", "expected a closing quote, found the end of the object", "malformed"),
        CsvMalformedReason.TextAfterClosingQuote => Reject(null, "", "expected a delimiter after a closing quote, found text", "malformed"),
        // A stray quote alone is kept as text, but the reader names only a record's first fault.
        CsvMalformedReason.StrayQuote when HasOpenField() => Reject(null, "", "expected a delimiter after a closing quote, found text", "malformed"),
        CsvMalformedReason.TrailingEscape => Reject(null, "", "expected a character after the escape character, found the end of the object", "malformed"),
        _ => null,
    };

    private bool HasOpenField()
    {
        var quote = (byte)dialect.Quote!.Value;
        for (var i = 0; i < reader.FieldCount; i++)
        {
            var raw = reader.GetRawSpan(i);
            if (raw.Length > 0 && raw[0] == quote && (raw.Length == 1 || raw[^1] != quote || raw[1..^1].Count(quote) % 2 != 0))
                return true;
        }
        return false;
    }

    private bool ExtraFieldsAreEmpty(int count)
    {
        for (var i = fields.Length; i < count; i++)
        {
            if (!reader.GetSpan(i).IsEmpty)
                return false;
        }
        return true;
    }

    private bool IsNull(ReadOnlySpan<byte> text)
    {
        foreach (var known in nulls)
        {
            if (text.SequenceEqual(known))
                return true;
        }
        return false;
    }

    /// <summary>Whether the record is text in the dialect's encoding, and was when it was transcoded.</summary>
    public static bool IsText(ReadOnlySpan<byte> record, CsvDialect dialect) =>
        dialect.Encoding == "utf-8" ? Utf8.IsValid(record) : record.IndexOf(TextEncodings.InvalidUtf8) < 0;

    private static bool IsBlank(ReadOnlySpan<byte> text) => text.IndexOfAnyExcept((byte)' ') < 0;

    private static string Mismatch(ColumnType type, ReadOnlySpan<byte> text)
    {
        var kind = ValueClassifier.Classify(text);
        return $"expected {type.SqlName()} ({Expectation(type)}), found {ValueClassifier.Describe(kind)}";
    }

    private static string Expectation(ColumnType type) => type switch
    {
        ColumnType.Int64 => "whole number",
        ColumnType.Float64 => "number",
        ColumnType.Numeric => "decimal number, at most 29 digits before the point and 9 after it",
        ColumnType.BigNumeric => "decimal number, at most 38 digits before the point and 38 after it",
        ColumnType.Bool => "true or false",
        ColumnType.Date => "date such as 2024-01-31",
        ColumnType.DateTime => "date and time such as 2024-01-31T09:30:00",
        ColumnType.Timestamp => "date and time with a zone such as 2024-01-31T09:30:00Z",
        ColumnType.Time => "time such as 09:30:00",
        _ => "text",
    };

    private void Count(string repair) => tally.Repairs[repair] = tally.Repairs.GetValueOrDefault(repair) + 1;

    private void Grow()
    {
        capacity = Math.Min(BatchRows, Math.Max(1024, capacity * 4));
        foreach (var column in columns)
            column.Grow(capacity);
    }
}
