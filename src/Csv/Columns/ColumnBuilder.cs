using System.Runtime.CompilerServices;
using Apache.Arrow;
using Etl.Core.Memory;

namespace Etl.Csv.Columns;

/// <summary>Fills one column of a batch from the fields of many rows at a time, straight into the memory that the batch will own.</summary>
/// <param name="nullable">Whether a value may be missing.</param>
/// <param name="nulls">Texts that mean that it is.</param>
internal abstract class ColumnBuilder(bool nullable, NullTexts nulls) : IDisposable
{
    private byte[] validity = [];
    private int nullCount;

    /// <summary>How many rows there are.</summary>
    public int Rows { get; private set; }

    /// <summary>Texts that mean that a value is missing.</summary>
    protected NullTexts Nulls => nulls;

    /// <summary>Appends a row a field. A row that does not fit is told to <paramref name="faults"/>, numbered from 0 within <paramref name="fields"/>, and stays until <see cref="Remove"/>.</summary>
    public void Append(in FieldText text, FieldColumn fields, int field, RowFaults faults)
    {
        Reserve(Rows + fields.Rows);
        AppendValues(text, fields, field, faults);
        Rows += fields.Rows;
    }

    /// <summary>Whether the row <paramref name="row"/> has a value.</summary>
    public bool HasValue(int row) => IsValid(row);

    /// <summary>Takes away the value of a row, in a column whose values have one size.</summary>
    public void Erase(int row)
    {
        if (!IsValid(row))
            return;
        MarkNull(row);
        WriteNull(row);
    }

    /// <summary>Appends rows without a value.</summary>
    public void AppendNulls(int count)
    {
        Reserve(Rows + count);
        for (var row = Rows; row < Rows + count; row++)
        {
            MarkNull(row);
            WriteNull(row);
        }
        Rows += count;
    }

    /// <summary>Removes rows.</summary>
    /// <param name="rows">Their numbers, in order.</param>
    public void Remove(ReadOnlySpan<int> rows)
    {
        var to = rows[0];
        for (var row = to; row < Rows; row++)
        {
            if (!rows.IsEmpty && rows[0] == row)
            {
                rows = rows[1..];
                continue;
            }
            SetValid(to, IsValid(row));
            Move(row, to++);
        }
        nullCount = 0;
        for (var row = to; row < Rows; row++)
            SetValid(row, true);
        Rows = to;
        for (var row = 0; row < Rows; row++)
            nullCount += IsValid(row) ? 0 : 1;
    }

    /// <summary>The rows as an array, and starts again.</summary>
    public IArrowArray Build()
    {
        var nullBits = ArrowBuffer.Empty;
        if (nullCount > 0)
        {
            var bytes = (Rows + 7) / 8;
            // Bits after the last row are zero, so that equal rows are equal bytes.
            if ((Rows & 7) != 0)
                validity[bytes - 1] &= (byte)((1 << (Rows & 7)) - 1);
            nullBits = Copy(validity.AsSpan(0, bytes));
            validity.AsSpan(0, bytes).Fill(0xFF);
        }
        var array = BuildValues(Rows, nullCount, nullBits);
        Rows = 0;
        nullCount = 0;
        return array;
    }

    /// <summary>Frees what no array owns.</summary>
    public abstract void Dispose();

    /// <summary>Writes the values of the fields to the rows from <see cref="Rows"/> on.</summary>
    protected abstract void AppendValues(in FieldText text, FieldColumn fields, int field, RowFaults faults);

    /// <summary>Writes what stands under a null.</summary>
    protected abstract void WriteNull(int row);

    /// <summary>Makes room for values.</summary>
    protected abstract void GrowValues(int rows);

    /// <summary>Copies a row over one before it, or over itself.</summary>
    protected abstract void Move(int from, int to);

    /// <summary>The array of all rows, which takes over the memory.</summary>
    protected abstract IArrowArray BuildValues(int rows, int nullCount, ArrowBuffer nullBits);

    /// <summary>Takes note that there is no value: a fault where there must be one.</summary>
    protected void AppendNull(int row, int field, RowFaults faults)
    {
        WriteNull(row);
        NoteNull(row, field, faults);
    }

    /// <summary>The same where what stands under the null is written already.</summary>
    protected void NoteNull(int row, int field, RowFaults faults)
    {
        MarkNull(row);
        if (!nullable)
            faults.Add(row - Rows, field, ValueFault.Required);
    }

    /// <summary>Takes note that there is no value where there may be none; false where there must be one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected bool TryMarkNull(int row)
    {
        if (nullable)
            MarkNull(row);
        return nullable;
    }

    /// <summary>Native memory that the array owns and that disposing it frees.</summary>
    protected static ArrowBuffer Copy(ReadOnlySpan<byte> values)
    {
        using var buffer = new BatchBuffer<byte>(values.Length);
        values.CopyTo(buffer.Span);
        return buffer.Build();
    }

    private void Reserve(int rows)
    {
        GrowValues(rows);
        var bytes = (rows + 7) / 8;
        if (bytes <= validity.Length)
            return;
        var used = validity.Length;
        System.Array.Resize(ref validity, Math.Max(bytes, used * 2));
        validity.AsSpan(used).Fill(0xFF);
    }

    private void MarkNull(int row)
    {
        validity[row >> 3] &= (byte)~(1 << (row & 7));
        nullCount++;
    }

    private bool IsValid(int row) => (validity[row >> 3] >> (row & 7) & 1) != 0;

    private void SetValid(int row, bool valid)
    {
        if (valid)
            validity[row >> 3] |= (byte)(1 << (row & 7));
        else
            validity[row >> 3] &= (byte)~(1 << (row & 7));
    }
}
