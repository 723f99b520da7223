using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using CsvHelper;
using Etl.Csv.Columns;

namespace Etl.Csv.Reading;

/// <summary>Where the fields of some rows of a block are, column by column: what is parsed at one go.</summary>
internal sealed class RowPiece
{
    // Slots that stay in a core's own cache beside the text they point into.
    private const int MaxSlots = 32 * 1024;
    private const int MaxRows = 2048;
    private readonly int[] starts, ends;
    private FieldSlot[] slots = [];
    private RecordRun run;
    private byte[] side = new byte[FieldText.Padding];
    private int sideLength;

    public RowPiece(int fields)
    {
        Fields = fields;
        Capacity = Math.Clamp(MaxSlots / Math.Max(1, fields), 1, MaxRows);
        starts = new int[Capacity];
        ends = new int[Capacity];
    }

    /// <summary>Fields in a row.</summary>
    public int Fields { get; }

    /// <summary>The most rows.</summary>
    public int Capacity { get; }

    /// <summary>Rows so far.</summary>
    public int Rows { get; private set; }

    /// <summary>Text of fields that do not stand in the block as they are meant.</summary>
    public byte[] Side => side;

    /// <summary>The fields of one column.</summary>
    public FieldColumn Column(int field) => run.Rows > 0 ? run.Column(field) : slots.AsSpan(field * Capacity, Rows);

    /// <summary>Where a row's raw text starts and ends in the block.</summary>
    public (int Start, int End) Span(int row) => run.Rows > 0 ? run.Span(row) : (starts[row], ends[row]);

    /// <summary>Starts again.</summary>
    public void Clear() => (Rows, sideLength, run) = (0, 0, default);

    /// <summary>Takes records with their fields as they stand, when there is no row yet. They must have as many fields as a row.</summary>
    public void Set(RecordRun records) => (run, Rows) = (records, records.Rows);

    /// <summary>Adds the record that a cursor is on, its fields as they stand. It must have as many as a row.</summary>
    public void AddRaw(RecordCursor cursor)
    {
        var index = RecordIndex.Of(cursor.Record);
        var start = RecordIndex.PlaceOf(index[0]);
        ref var entry = ref MemoryMarshal.GetReference(index);
        ref var slot = ref Slot(0);
        for (var i = 1; i <= Fields; i++)
        {
            var next = RecordIndex.PlaceOf(Unsafe.Add(ref entry, i));
            slot = FieldSlot.Raw(start, next - 1 - start);
            start = next;
            slot = ref Unsafe.Add(ref slot, Capacity);
        }
        EndRow(cursor);
    }

    /// <summary>Adds the record that a cursor is on with its fields as <paramref name="decode"/> gives them. It must have as many as a row.</summary>
    public void AddDecoded(RecordCursor cursor, FieldDecoder decode)
    {
        for (var i = 0; i < Fields; i++)
        {
            var text = decode(cursor.Record, i);
            Slot(i) = AddSide(text, cursor.Record.GetRawSpan(i).Length > text.Length);
        }
        EndRow(cursor);
    }

    /// <summary>Adds the record that a cursor is on with fields that were read again.</summary>
    public void AddFields(RecordCursor cursor, IReadOnlyList<LooseField> fields)
    {
        for (var i = 0; i < Fields; i++)
            Slot(i) = i < fields.Count && (fields[i].Quoted || !fields[i].Text.IsEmpty) ? AddSide(fields[i].Text.Span, fields[i].Quoted) : FieldSlot.Missing;
        EndRow(cursor);
    }

    /// <summary>Adds a row without fields for the record that a cursor is on: one that will be rejected.</summary>
    public void AddEmpty(RecordCursor cursor)
    {
        for (var i = 0; i < Fields; i++)
            Slot(i) = FieldSlot.Missing;
        EndRow(cursor);
    }

    private ref FieldSlot Slot(int field)
    {
        if (slots.Length == 0)
            slots = new FieldSlot[Fields * Capacity];
        return ref slots[field * Capacity + Rows];
    }

    private void EndRow(RecordCursor cursor)
    {
        (starts[Rows], ends[Rows]) = (cursor.Start, cursor.End);
        Rows++;
    }

    private FieldSlot AddSide(ReadOnlySpan<byte> text, bool quoted)
    {
        if (text.IsEmpty)
            return FieldSlot.Side(0, 0, quoted);
        var start = sideLength;
        if (start + text.Length + FieldText.Padding > side.Length)
            System.Array.Resize(ref side, (start + text.Length) * 2 + FieldText.Padding);
        text.CopyTo(side.AsSpan(start));
        sideLength += text.Length;
        return FieldSlot.Side(start, text.Length, quoted);
    }
}

/// <summary>The text that a field stands for.</summary>
internal delegate ReadOnlySpan<byte> FieldDecoder(CsvReader record, int field);
