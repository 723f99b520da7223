using System.Runtime.InteropServices;
using System.Text;
using Apache.Arrow;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Schemas;
using Etl.Csv.Columns;

namespace Etl.Csv.Reading;

/// <summary>Makes batches of rows whose fields another format than CSV has cut: some rows at a time, and of those a column at a time.</summary>
/// <param name="parser">The parser's name, for errors.</param>
/// <param name="schema">The columns.</param>
/// <param name="nulls">Texts that mean that a value is missing.</param>
/// <param name="transcoded">Whether the fields were transcoded, so that what is no text stands as <see cref="Dialects.TextEncodings.Invalid"/>.</param>
/// <param name="input">What is read, and where it is counted.</param>
internal sealed class FieldBatches(string parser, TableSchema schema, IReadOnlyList<string>? nulls, bool transcoded, SplitInput input) : IDisposable
{
    private const int MaxSlots = 32 * 1024;
    private const int MaxRows = 2048;
    private const int BatchRows = 32_768;
    private const int BatchBytes = 4 << 20;
    private const int ShownBytes = 64 << 10;
    private readonly Schema arrow = schema.ToArrow();
    private readonly string name = input.Object.NameOf(input.Entry);
    private readonly ColumnBuilder[] columns = [.. schema.Columns.Select(c => ColumnBuilders.Create(c, new NullTexts([.. nulls ?? [], .. c.Format?.Null ?? []]), transcoded))];
    private readonly int capacity = Math.Clamp(MaxSlots / Math.Max(1, schema.Columns.Count), 1, MaxRows);
    private readonly RowFaults faults = new();
    private readonly Dictionary<int, (string? Column, string Reason, string Kind)> broken = [];
    private readonly List<(long Line, long Offset)> places = [];
    private readonly List<Reject> rejects = [];
    private readonly List<(int Row, string Column)> leftOut = [];
    private FieldSlot[] slots = [];
    private byte[] side = new byte[FieldText.Padding];
    private byte[] room = [];
    private int sideLength;
    private int rows;
    private long bytes;

    /// <summary>Rows of the piece so far.</summary>
    public int Count => places.Count;

    /// <summary>Whether the piece takes no more rows.</summary>
    public bool IsPieceFull => Count >= Math.Min(capacity, BatchRows - rows);

    /// <summary>Whether it is time to <see cref="Take"/>.</summary>
    public bool IsFull => rows >= BatchRows || bytes >= BatchBytes;

    /// <summary>The byte that lines are counted from; null for the object's start.</summary>
    public long? LineFrom { get; set; }

    /// <summary>The rows that the last <see cref="Parse"/> rejected, in order.</summary>
    public IReadOnlyList<Reject> Rejects => rejects;

    /// <summary>Begins a row, in which every value is missing.</summary>
    /// <param name="line">Its line.</param>
    /// <param name="offset">Its byte.</param>
    /// <param name="length">Its bytes.</param>
    public void Begin(long line, long offset, int length)
    {
        if (slots.Length == 0) slots = new FieldSlot[columns.Length * capacity];
        for (var column = 0; column < columns.Length; column++) slots[column * capacity + Count] = FieldSlot.Missing;
        places.Add((line, offset));
        bytes += length;
    }

    /// <summary>Gives the row that was begun last a value that stands in the block.</summary>
    public void Set(int column, int start, int length) => slots[column * capacity + Count - 1] = FieldSlot.Raw(start, length);

    /// <summary>Gives the row that was begun last a value that stands nowhere as it is meant; it is copied.</summary>
    public void Set(int column, ReadOnlySpan<byte> text)
    {
        if (sideLength + text.Length + FieldText.Padding > side.Length) System.Array.Resize(ref side, (sideLength + text.Length) * 2 + FieldText.Padding);
        text.CopyTo(side.AsSpan(sideLength));
        slots[column * capacity + Count - 1] = FieldSlot.Side(sideLength, text.Length, quoted: true);
        sideLength += text.Length;
    }

    /// <summary>Says that the row that was begun last has a value of a column that the schema does not have and the contract leaves out: it is counted when the row fits.</summary>
    public void LeaveOut(string column) => leftOut.Add((Count - 1, column));

    /// <summary>Says that the row that was begun last is none.</summary>
    public void Break(string? column, string reason, string kind)
    {
        for (var field = 0; field < columns.Length; field++) slots[field * capacity + Count - 1] = FieldSlot.Missing;
        broken.TryAdd(Count - 1, (column, reason, kind));
        faults.Add(Count - 1, -1, ValueFault.Type);
    }

    /// <summary>Parses the rows of the piece, and begins another.</summary>
    /// <param name="block">What values stand in; <see cref="FieldText.Padding"/> bytes after them may be read.</param>
    /// <param name="shown">A row of the piece for a person.</param>
    /// <exception cref="SchemaBrokenException">A value does not fit a type that was guessed from samples.</exception>
    /// <exception cref="DataException">The same, and the contract makes it an error.</exception>
    public void Parse(byte[] block, Func<int, string> shown)
    {
        rejects.Clear();
        input.Tally.RowsRead += Count;
        var text = new FieldText(block, side, quote: -1);
        for (var column = 0; column < columns.Length; column++)
        {
            columns[column].Append(text, slots.AsSpan(column * capacity, Count), column, faults);
            if (schema.Columns[column].IsRefused) LeftOutColumns.Refuse(columns[column], Count, column, faults);
        }

        if (!faults.IsEmpty) RejectFaults(text, shown);
        if (input.Places is { } noted)
        {
            noted.LineFrom = LineFrom;
            for (var row = 0; row < Count; row++)
                if (!faults.Contains(row)) noted.Add(places[row].Line, places[row].Offset);
        }

        foreach (var (row, column) in leftOut)
            if (!faults.Contains(row)) input.Tally.Discarded[column] = input.Tally.Discarded.GetValueOrDefault(column) + 1;
        rows += Count - rejects.Count;
        leftOut.Clear();
        faults.Clear();
        broken.Clear();
        places.Clear();
        sideLength = 0;
    }

    /// <summary>The rows since the last batch; null when there are none.</summary>
    public RecordBatch? Take()
    {
        bytes = 0;
        if (rows == 0) return null;
        var batch = new RecordBatch(arrow, columns.Select(c => c.Build()), rows);
        rows = 0;
        return batch;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var column in columns) column.Dispose();
    }

    private void RejectFaults(FieldText text, Func<int, string> shown)
    {
        var removed = new List<int>();
        foreach (var (row, field, fault) in faults.Rows)
        {
            removed.Add(rows + row);
            rejects.Add(broken.TryGetValue(row, out var known) ? Create(row, known.Column, [], known.Reason, known.Kind, shown) : Describe(text, row, field, fault, shown));
        }

        foreach (var column in columns) column.Remove(CollectionsMarshal.AsSpan(removed));
    }

    private Reject Describe(FieldText text, int row, int field, ValueFault fault, Func<int, string> shown)
    {
        var column = schema.Columns[field];
        var value = text.Decode(slots[field * capacity + row], ref room);
        if (fault == ValueFault.Encoding) return Create(row, column.Name, [], "expected text in the object's encoding, found bytes that are none", "encoding", shown);
        if (fault == ValueFault.Unknown) return Create(row, column.Name, value, "expected no value: the table has no such column (contract: discard_row)", "unknown-column", shown);
        var mismatch = fault == ValueFault.Required
            ? Create(row, column.Name, [], "expected a value, found none", "required", shown)
            : Create(row, column.Name, value, ValueReasons.Mismatch(column, value), "type", shown);
        return UnseenValue.Judge(column, mismatch, parser, "Declare the column's type");
    }

    private Reject Create(int row, string? column, ReadOnlySpan<byte> value, string reason, string kind, Func<int, string> shown)
    {
        var whole = shown(row);
        return new Reject(name, places[row].Line, places[row].Offset, column, Encoding.UTF8.GetString(value.Length > ShownBytes ? value[..ShownBytes] : value), reason, kind, whole.Length > ShownBytes ? whole[..ShownBytes] : whole) { LineFrom = LineFrom };
    }
}
