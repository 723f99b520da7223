using System.Buffers.Binary;
using System.IO.Hashing;
using System.Numerics;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Etl.Formats.Parquet;

/// <summary>What some values of a column, spread over a row group, say of the rest.</summary>
/// <param name="Values">How many were looked at.</param>
/// <param name="Distinct">How many of them differ.</param>
/// <param name="RangeBits">Bits that the difference of the largest and the smallest takes; 64 where values are no whole numbers of at most eight bytes.</param>
internal readonly record struct ColumnSample(int Values, int Distinct, int RangeBits)
{
    private const int SampleRows = 2048;

    /// <summary>Looks at a column.</summary>
    public static ColumnSample Of(IEnumerable<IArrowArray> chunks, int rows)
    {
        var step = Math.Max(1, rows / SampleRows);
        var seen = new HashSet<ulong>();
        var values = 0;
        var (smallest, largest) = (long.MaxValue, long.MinValue);
        foreach (var chunk in chunks)
        {
            for (var row = 0; row < chunk.Length; row += step)
            {
                if (chunk.IsNull(row))
                    continue;
                values++;
                var value = ValueOf(chunk, row);
                seen.Add(XxHash3.HashToUInt64(value));
                var number = value.Length switch { 8 => BinaryPrimitives.ReadInt64LittleEndian(value), 4 => BinaryPrimitives.ReadInt32LittleEndian(value), _ => 0 };
                (smallest, largest) = (Math.Min(smallest, number), Math.Max(largest, number));
            }
        }
        var whole = values > 0 && chunks.First().Data.DataType is FixedWidthType { BitWidth: 32 or 64 } and not DoubleType;
        return new ColumnSample(values, seen.Count, whole ? 64 - BitOperations.LeadingZeroCount((ulong)largest - (ulong)smallest) : 64);
    }

    private static ReadOnlySpan<byte> ValueOf(IArrowArray column, int row)
    {
        if (column is StringArray text)
            return text.GetBytes(row);
        if (column.Data.DataType is not FixedWidthType { BitWidth: >= 8 } type)
            return [];
        var width = type.BitWidth / 8;
        return column.Data.Buffers[1].Span.Slice((column.Data.Offset + row) * width, width);
    }
}
