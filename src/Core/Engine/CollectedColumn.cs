using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;
using Etl.Core.Memory;

namespace Etl.Core.Engine;

/// <summary>A column that grows by rows picked from others of its type.</summary>
internal sealed class CollectedColumn(IArrowType type) : IDisposable
{
    private const int Bits = 8;

    // What it takes with hardly a value in it.
    private const int LeastBytes = 1024;
    private readonly BatchBuffer<byte> valid = new(0);
    private readonly BatchBuffer<byte> values = new(0);
    private readonly BatchBuffer<int>? ends = type is StringType ? new BatchBuffer<int>(1) : null;
    private int length;
    private int nulls;
    private int textBytes;

    /// <summary>Bytes of memory that its values take.</summary>
    public long Bytes => LeastBytes + valid.Length + (long)values.Length + ((ends?.Length ?? 0) * (long)sizeof(int));

    /// <summary>Adds the values that <paramref name="from"/> has in <paramref name="rows"/>.</summary>
    public void Add(IArrowArray from, ReadOnlySpan<int> rows)
    {
        var data = from.Data;
        AddValidity(data, from.NullCount, rows);
        switch (type)
        {
            case StringType:
                AddTexts(data, rows);
                break;
            case FixedWidthType fixedWidth:
                AddFixed(fixedWidth, data, rows);
                break;
            default:
                throw NoRows();
        }

        length += rows.Length;
    }

    /// <summary>The column. Nothing can be added afterwards.</summary>
    public IArrowArray Build()
    {
        valid.Grow((length + Bits - 1) / Bits);
        if (ends is not null)
        {
            ends.Grow(length + 1);
            ends.Span[0] = 0;
            values.Grow(textBytes);
            return ArrowArrayFactory.BuildArray(new ArrayData(type, length, nulls, 0, [valid.Build(), ends.Build(), values.Build()]));
        }

        values.Grow((int)(((long)length * ((FixedWidthType)type).BitWidth + Bits - 1) / Bits));
        return ArrowArrayFactory.BuildArray(new ArrayData(type, length, nulls, 0, [valid.Build(), values.Build()]));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        valid.Dispose();
        values.Dispose();
        ends?.Dispose();
    }

    private void AddValidity(ArrayData data, int missing, ReadOnlySpan<int> rows)
    {
        Reserve(valid, (length + rows.Length + Bits - 1) / Bits);
        var to = valid.Span;
        var from = missing == 0 ? default : data.Buffers[0].Span;
        for (var i = 0; i < rows.Length; i++)
        {
            var there = missing == 0 || BitUtility.GetBit(from, data.Offset + rows[i]);
            BitUtility.SetBit(to, length + i, there);
            if (!there) nulls++;
        }
    }

    private void AddTexts(ArrayData data, ReadOnlySpan<int> rows)
    {
        var from = MemoryMarshal.Cast<byte, int>(data.Buffers[1].Span)[data.Offset..];
        var texts = data.Buffers[2].Span;
        Reserve(ends!, length + rows.Length + 1);
        for (var i = 0; i < rows.Length; i++)
        {
            var text = texts[from[rows[i]]..from[rows[i] + 1]];
            Reserve(values, checked(textBytes + text.Length));
            text.CopyTo(values.Span[textBytes..]);
            textBytes += text.Length;
            ends!.Span[length + i + 1] = textBytes;
        }
    }

    private void AddFixed(FixedWidthType fixedWidth, ArrayData data, ReadOnlySpan<int> rows)
    {
        switch (fixedWidth.BitWidth)
        {
            case 1:
                AddFlags(data, rows);
                break;
            case 32:
                AddFixed<int>(data, rows);
                break;
            case 64:
                AddFixed<long>(data, rows);
                break;
            case 128:
                AddFixed<Int128>(data, rows);
                break;
            case 256:
                AddFixed<(Int128, Int128)>(data, rows);
                break;
            default:
                throw NoRows();
        }
    }

    private InvalidOperationException NoRows() => new($"{type.Name} has no rows to pick.");

    private void AddFlags(ArrayData data, ReadOnlySpan<int> rows)
    {
        Reserve(values, (length + rows.Length + Bits - 1) / Bits);
        var to = values.Span;
        var from = data.Buffers[1].Span;
        for (var i = 0; i < rows.Length; i++) BitUtility.SetBit(to, length + i, BitUtility.GetBit(from, data.Offset + rows[i]));
    }

    private void AddFixed<T>(ArrayData data, ReadOnlySpan<int> rows) where T : unmanaged
    {
        Reserve(values, checked((length + rows.Length) * System.Runtime.CompilerServices.Unsafe.SizeOf<T>()));
        var from = MemoryMarshal.Cast<byte, T>(data.Buffers[1].Span)[data.Offset..];
        var to = MemoryMarshal.Cast<byte, T>(values.Span)[length..];
        for (var i = 0; i < rows.Length; i++) to[i] = from[rows[i]];
    }

    // By half more each time, so that a byte is copied about twice in all.
    private static void Reserve<T>(BatchBuffer<T> buffer, int needed) where T : unmanaged
    {
        if (needed > buffer.Length) buffer.Grow(Math.Max(needed, buffer.Length + (buffer.Length / 2)));
    }
}
