using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Apache.Arrow;
using Apache.Arrow.Types;
using Etl.Core.Memory;

namespace Etl.Core.Rows;

/// <summary>Copies rows out of columns by their numbers.</summary>
public static class RowTake
{
    /// <summary>The rows of a batch that are numbered <paramref name="rows"/>, in that order. It takes over the batch.</summary>
    public static RecordBatch From(RecordBatch batch, ReadOnlySpan<int> rows)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var columns = new IArrowArray[batch.ColumnCount];
        for (var i = 0; i < columns.Length; i++) columns[i] = From(batch.Column(i), rows);
        var taken = new RecordBatch(batch.Schema, columns, rows.Length);
        batch.Dispose();
        return taken;
    }

    /// <summary>The values of the rows that are numbered <paramref name="rows"/>, in that order; under -1, a missing value.</summary>
    public static IArrowArray From(IArrowArray column, ReadOnlySpan<int> rows)
    {
        ArgumentNullException.ThrowIfNull(column);
        var data = column.Data;
        var valid = Validity(column, rows, out var nulls);
        ArrowBuffer[] buffers = data.DataType switch
        {
            StringType => [valid, .. Texts((StringArray)column, rows)],
            BooleanType => [valid, Bits((BooleanArray)column, rows)],
            FixedWidthType { BitWidth: 32 } => [valid, Values<int>(data, rows)],
            FixedWidthType { BitWidth: 64 } => [valid, Values<long>(data, rows)],
            FixedWidthType { BitWidth: 128 } => [valid, Values<Int128>(data, rows)],
            FixedWidthType { BitWidth: 256 } => [valid, Values<Vector256<byte>>(data, rows)],
            var type => throw new InvalidOperationException($"No column has Arrow's {type.Name}."),
        };
        return ArrowArrayFactory.BuildArray(new ArrayData(data.DataType, rows.Length, nulls, 0, buffers));
    }

    private static ArrowBuffer Validity(IArrowArray column, ReadOnlySpan<int> rows, out int nulls)
    {
        nulls = 0;
        using var valid = new BatchBuffer<byte>((rows.Length + 7) / 8);
        var bits = valid.Span;
        bits.Clear();
        for (var i = 0; i < rows.Length; i++)
        {
            if (rows[i] < 0 || column.IsNull(rows[i])) nulls++;
            else bits[i >> 3] |= (byte)(1 << (i & 7));
        }

        return nulls == 0 ? ArrowBuffer.Empty : valid.Build();
    }

    private static ArrowBuffer Values<T>(ArrayData data, ReadOnlySpan<int> rows)
        where T : unmanaged
    {
        using var taken = new BatchBuffer<T>(rows.Length);
        var from = MemoryMarshal.Cast<byte, T>(data.Buffers[1].Span)[data.Offset..];
        var to = taken.Span;
        for (var i = 0; i < rows.Length; i++) to[i] = rows[i] < 0 ? default : from[rows[i]];
        return taken.Build();
    }

    private static ArrowBuffer Bits(BooleanArray flags, ReadOnlySpan<int> rows)
    {
        using var taken = new BatchBuffer<byte>((rows.Length + 7) / 8);
        var bits = taken.Span;
        bits.Clear();
        for (var i = 0; i < rows.Length; i++)
            if (rows[i] >= 0 && flags.GetValue(rows[i]) is true) bits[i >> 3] |= (byte)(1 << (i & 7));
        return taken.Build();
    }

    private static ArrowBuffer[] Texts(StringArray texts, ReadOnlySpan<int> rows)
    {
        // A column without rows need not have offsets.
        var ends = texts.Length == 0 ? default : texts.ValueOffsets;
        var bytes = texts.Values;
        using var offsets = new BatchBuffer<int>(rows.Length + 1);
        var to = offsets.Span;
        to[0] = 0;
        for (var i = 0; i < rows.Length; i++) to[i + 1] = checked(to[i] + (rows[i] < 0 ? 0 : ends[rows[i] + 1] - ends[rows[i]]));
        using var taken = new BatchBuffer<byte>(to[rows.Length]);
        var text = taken.Span;
        for (var i = 0; i < rows.Length; i++)
            if (rows[i] >= 0) bytes[ends[rows[i]]..ends[rows[i] + 1]].CopyTo(text[to[i]..]);
        return [offsets.Build(), taken.Build()];
    }
}
