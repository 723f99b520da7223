using Apache.Arrow;
using Apache.Arrow.Memory;

namespace Etl.Csv.Columns;

/// <summary>Fills one column of a batch from UTF-8 text. Writing to a row again replaces it, so that a row rejected half-way needs no undoing but <see cref="Discard"/>. Arrays are reused from batch to batch.</summary>
internal abstract class ColumnBuilder
{
    private byte[] validity = [];

    /// <summary>How many rows there is room for.</summary>
    protected int Capacity { get; private set; }

    /// <summary>How many rows hold no value.</summary>
    protected int NullCount { get; private set; }

    /// <summary>Writes the value that <paramref name="text"/> stands for.</summary>
    /// <returns>False when the text does not fit the type.</returns>
    public abstract bool TryAppend(int row, ReadOnlySpan<byte> text);

    /// <summary>Whether an empty text is a value, not a missing one.</summary>
    public virtual bool HoldsEmptyText => false;

    /// <summary>Writes that there is no value.</summary>
    public void AppendNull(int row)
    {
        validity[row >> 3] &= (byte)~(1 << (row & 7));
        NullCount++;
        WriteNull(row);
    }

    /// <summary>Forgets what was written to <paramref name="row"/>.</summary>
    public void Discard(int row)
    {
        var bit = (byte)(1 << (row & 7));
        if ((validity[row >> 3] & bit) != 0)
            return;
        validity[row >> 3] |= bit;
        NullCount--;
    }

    /// <summary>Makes room for <paramref name="rows"/> rows.</summary>
    public void Grow(int rows)
    {
        var used = validity.Length;
        System.Array.Resize(ref validity, (rows + 7) / 8);
        validity.AsSpan(used).Fill(0xFF);
        Capacity = rows;
        GrowValues(rows);
    }

    /// <summary>The first <paramref name="rows"/> rows as an array, and starts again.</summary>
    public IArrowArray Build(int rows)
    {
        var nulls = ArrowBuffer.Empty;
        if (NullCount > 0)
        {
            var bytes = (rows + 7) / 8;
            // Bits after the last row are zero, so that equal rows are equal bytes.
            if ((rows & 7) != 0)
                validity[bytes - 1] &= (byte)((1 << (rows & 7)) - 1);
            nulls = Copy<byte>(validity.AsSpan(0, bytes));
            validity.AsSpan(0, bytes).Fill(0xFF);
        }
        var array = BuildValues(rows, NullCount, nulls);
        NullCount = 0;
        return array;
    }

    /// <summary>Writes the value that stands under a null.</summary>
    protected abstract void WriteNull(int row);

    /// <summary>Makes room for values.</summary>
    protected abstract void GrowValues(int rows);

    /// <summary>The array of the first <paramref name="rows"/> rows.</summary>
    protected abstract IArrowArray BuildValues(int rows, int nullCount, ArrowBuffer nulls);

    /// <summary>Native memory that the array owns and that disposing it frees.</summary>
    protected static ArrowBuffer Copy<T>(ReadOnlySpan<T> values) where T : unmanaged
    {
        if (values.Length == 0)
            return ArrowBuffer.Empty;
        using var buffer = new NativeBuffer<T, NoOpAllocationTracker>(values.Length, zeroFill: false);
        values.CopyTo(buffer.Span);
        return buffer.Build();
    }
}
