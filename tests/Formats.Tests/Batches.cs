using System.Numerics;
using System.Runtime.InteropServices;
using Apache.Arrow;
using Etl.Core.Schemas;
using Xunit;

namespace Etl.Formats.Tests;

/// <summary>Builds Arrow columns from values.</summary>
internal static class Batches
{
    public static RecordBatch Of(TableSchema schema, params IArrowArray[] columns) => new(schema.ToArrow(), columns, columns[0].Length);

    public static async IAsyncEnumerable<RecordBatch> Stream(params RecordBatch[] batches)
    {
        foreach (var batch in batches)
        {
            await Task.Yield();
            yield return batch;
        }
    }

    public static IArrowArray Int64(params long?[] values) => Fixed(ColumnType.Int64, values);

    public static IArrowArray Float64(params double?[] values) => Fixed(ColumnType.Float64, values);

    public static IArrowArray Bool(params bool?[] values) => new BooleanArray.Builder().AppendRangeOf(values);

    public static IArrowArray Text(params string?[] values)
    {
        var builder = new StringArray.Builder();
        foreach (var value in values)
            if (value is null)
                builder.AppendNull();
            else
                builder.Append(value);
        return builder.Build();
    }

    public static IArrowArray Decimal(ColumnType type, params BigInteger?[] unscaled)
    {
        var width = type == ColumnType.Numeric ? 16 : 32;
        var bytes = new byte[unscaled.Length * width];
        for (var i = 0; i < unscaled.Length; i++)
        {
            var value = bytes.AsSpan(i * width, width);
            if (unscaled[i] is not { } number)
                continue;
            value.Fill(number.Sign < 0 ? (byte)0xff : (byte)0);
            Assert.True(number.TryWriteBytes(value, out _));
        }

        return Build(type, bytes, [.. unscaled.Select(v => v is not null)]);
    }

    public static IArrowArray Fixed<T>(ColumnType type, params T?[] values) where T : unmanaged =>
        Build(type, MemoryMarshal.AsBytes<T>(values.Select(v => v ?? default).ToArray()).ToArray(), [.. values.Select(v => v is not null)]);

    private static IArrowArray Build(ColumnType type, byte[] values, bool[] valid)
    {
        var bits = new byte[(valid.Length + 7) / 8];
        for (var i = 0; i < valid.Length; i++)
            if (valid[i])
                bits[i / 8] |= (byte)(1 << (i % 8));
        return ArrowArrayFactory.BuildArray(new ArrayData(type.ToArrow(), valid.Length, valid.Count(v => !v), 0, [new ArrowBuffer(bits), new ArrowBuffer(values)]));
    }

    private static BooleanArray AppendRangeOf(this BooleanArray.Builder builder, bool?[] values)
    {
        foreach (var value in values)
            if (value is { } flag)
                builder.Append(flag);
            else
                builder.AppendNull();
        return builder.Build();
    }
}
