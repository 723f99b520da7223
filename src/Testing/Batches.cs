using System.Numerics;
using System.Runtime.InteropServices;
using Apache.Arrow;
using Etl.Core.Schemas;

namespace Etl.Testing;

/// <summary>Builds Arrow columns, and batches of them, from values.</summary>
public static class Batches
{
    /// <summary>A batch of the columns of a schema.</summary>
    public static RecordBatch Of(TableSchema schema, params IArrowArray[] columns) => new(schema.ToArrow(), columns, columns[0].Length);

    /// <summary>Batches one after the other.</summary>
    public static async IAsyncEnumerable<RecordBatch> Stream(params RecordBatch[] batches)
    {
        foreach (var batch in batches)
        {
            await Task.Yield();
            yield return batch;
        }
    }

    /// <summary>An INT64 column.</summary>
    public static IArrowArray Int64(params long?[] values) => Fixed(ColumnType.Int64, values);

    /// <summary>A FLOAT64 column.</summary>
    public static IArrowArray Float64(params double?[] values) => Fixed(ColumnType.Float64, values);

    /// <summary>A BOOL column.</summary>
    public static IArrowArray Bool(params bool?[] values) => new BooleanArray.Builder().AppendRangeOf(values);

    /// <summary>A STRING column.</summary>
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

    /// <summary>A NUMERIC or BIGNUMERIC column, of values in units of their last digit after the point (10⁻⁹ and 10⁻³⁸).</summary>
    /// <exception cref="OverflowException">A value has more digits than the type.</exception>
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
            if (!number.TryWriteBytes(value, out _))
                throw new OverflowException($"Value {i} does not fit {type}.");
        }

        return Build(type, bytes, [.. unscaled.Select(v => v is not null)]);
    }

    /// <summary>A column of any type of fixed width: INT64, FLOAT64, DATE (days since 1970), DATETIME, TIMESTAMP and TIME (microseconds).</summary>
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
