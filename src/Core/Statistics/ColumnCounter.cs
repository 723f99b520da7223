using System.Numerics;
using System.Runtime.InteropServices;
using Apache.Arrow;
using Etl.Core.Schemas;

namespace Etl.Core.Statistics;

/// <summary>Counts what one column holds, batch by batch, in memory of a fixed size.</summary>
internal abstract class ColumnCounter
{
    private long rows, nulls;

    /// <summary>Which values there are.</summary>
    protected DistinctSketch Distinct { get; } = new();

    /// <summary>Whether values are kept, besides counted.</summary>
    protected bool KeepsValues { get; private init; }

    /// <summary>A counter for a type.</summary>
    /// <param name="type">The column's type.</param>
    /// <param name="keepsValues">Whether smallest, largest and distribution are wanted.</param>
    public static ColumnCounter Of(ColumnType type, bool keepsValues) => type switch
    {
        ColumnType.String => new TextCounter { KeepsValues = keepsValues },
        ColumnType.Bool => new BoolCounter { KeepsValues = keepsValues },
        ColumnType.Float64 => new FloatCounter { KeepsValues = keepsValues },
        ColumnType.Numeric => new DecimalCounter { KeepsValues = keepsValues },
        ColumnType.BigNumeric => new BigDecimalCounter { KeepsValues = keepsValues },
        _ => new WholeCounter(type) { KeepsValues = keepsValues },
    };

    /// <summary>Counts a column of a batch.</summary>
    public void Add(IArrowArray column)
    {
        rows += column.Length;
        nulls += column.NullCount;
        if (column.NullCount < column.Length) Count(column);
    }

    /// <summary>What was counted.</summary>
    public ColumnStatistics Build(string name, ColumnType type, bool masked)
    {
        var (min, max, histogram) = KeepsValues ? Values() : default;
        return new ColumnStatistics { Column = name, Type = type, Rows = rows, Nulls = nulls, Distinct = Distinct.Pack(), Masked = masked, Min = min, Max = max, Histogram = histogram };
    }

    /// <summary>Counts the values of a column that has some.</summary>
    protected abstract void Count(IArrowArray column);

    /// <summary>What is known of the values.</summary>
    protected abstract (string? Min, string? Max, Histogram? Histogram) Values();

    private sealed class WholeCounter(ColumnType type) : ColumnCounter
    {
        private readonly HistogramBuilder histogram = new(0);
        private readonly double unit = type is ColumnType.Int64 or ColumnType.Date ? 1 : 1e-6;
        private long min = long.MaxValue, max = long.MinValue;

        protected override void Count(IArrowArray column)
        {
            var days = column as Date32Array;
            var longs = column switch { Int64Array a => a.Values, TimestampArray a => a.Values, Time64Array a => a.Values, _ => default };
            for (var row = 0; row < column.Length; row++)
            {
                if (column.IsNull(row)) continue;
                var value = days is null ? longs[row] : days.Values[row];
                Distinct.Add(DistinctSketch.Mix((ulong)value));
                if (!KeepsValues) continue;
                min = Math.Min(min, value);
                max = Math.Max(max, value);
                histogram.Add(value * unit);
            }
        }

        protected override (string? Min, string? Max, Histogram? Histogram) Values() =>
            min > max ? default : (StatisticText.Whole(min, type), StatisticText.Whole(max, type), histogram.Build());
    }

    private sealed class FloatCounter : ColumnCounter
    {
        private readonly HistogramBuilder histogram = new(-20);
        private double min = double.PositiveInfinity, max = double.NegativeInfinity;

        protected override void Count(IArrowArray column)
        {
            var values = ((DoubleArray)column).Values;
            for (var row = 0; row < values.Length; row++)
            {
                if (column.IsNull(row)) continue;
                // Both zeros are one value.
                Distinct.Add(DistinctSketch.Mix(BitConverter.DoubleToUInt64Bits(values[row] + 0.0)));
                if (!KeepsValues) continue;
                if (values[row] < min) min = values[row];
                if (values[row] > max) max = values[row];
                histogram.Add(values[row]);
            }
        }

        protected override (string? Min, string? Max, Histogram? Histogram) Values() =>
            min > max ? default : (StatisticText.Float(min), StatisticText.Float(max), histogram.Build());
    }

    private sealed class BoolCounter : ColumnCounter
    {
        private readonly HistogramBuilder histogram = new(0);

        protected override void Count(IArrowArray column)
        {
            for (var row = 0; row < column.Length; row++)
            {
                if (((BooleanArray)column).GetValue(row) is not { } value) continue;
                Distinct.Add(DistinctSketch.Mix(value ? 1UL : 2UL));
                if (KeepsValues) histogram.Add(value ? 1 : 0);
            }
        }

        protected override (string? Min, string? Max, Histogram? Histogram) Values() => (null, null, histogram.Build());
    }

    private sealed class DecimalCounter : ColumnCounter
    {
        private readonly HistogramBuilder histogram = new(-20);
        private Int128 min = Int128.MaxValue, max = Int128.MinValue;

        protected override void Count(IArrowArray column)
        {
            var decimals = (Decimal128Array)column;
            var values = MemoryMarshal.Cast<byte, Int128>(decimals.ValueBuffer.Span).Slice(decimals.Offset, decimals.Length);
            for (var row = 0; row < values.Length; row++)
            {
                if (column.IsNull(row)) continue;
                var value = values[row];
                Distinct.Add(DistinctSketch.Mix((ulong)value ^ DistinctSketch.Mix((ulong)(value >> 64))));
                if (!KeepsValues) continue;
                if (value < min) min = value;
                if (value > max) max = value;
                histogram.Add((double)value * 1e-9);
            }
        }

        protected override (string? Min, string? Max, Histogram? Histogram) Values() =>
            min > max ? default : (StatisticText.Decimal(min, 9), StatisticText.Decimal(max, 9), histogram.Build());
    }

    private sealed class BigDecimalCounter : ColumnCounter
    {
        private const int Bytes = 32;
        private readonly HistogramBuilder histogram = new(-20);
        private BigInteger? min, max;

        protected override void Count(IArrowArray column)
        {
            var decimals = (Decimal256Array)column;
            for (var row = 0; row < decimals.Length; row++)
            {
                if (column.IsNull(row)) continue;
                var bytes = decimals.ValueBuffer.Span.Slice((decimals.Offset + row) * Bytes, Bytes);
                Distinct.Add(System.IO.Hashing.XxHash3.HashToUInt64(bytes));
                if (!KeepsValues) continue;
                var value = new BigInteger(bytes);
                if (!(value >= min)) min = value;
                if (!(value <= max)) max = value;
                histogram.Add((double)value * 1e-38);
            }
        }

        protected override (string? Min, string? Max, Histogram? Histogram) Values() =>
            min is null ? default : (StatisticText.Decimal(min.Value, 38), StatisticText.Decimal(max!.Value, 38), histogram.Build());
    }

    private sealed class TextCounter : ColumnCounter
    {
        private readonly HistogramBuilder lengths = new(0);
        private byte[]? min, max;

        protected override void Count(IArrowArray column)
        {
            var texts = (StringArray)column;
            for (var row = 0; row < texts.Length; row++)
            {
                if (texts.IsNull(row)) continue;
                var text = texts.GetBytes(row);
                Distinct.Add(System.IO.Hashing.XxHash3.HashToUInt64(text));
                if (!KeepsValues) continue;
                // A longer one that starts alike would change nothing that is shown.
                var start = text.Length > StatisticText.LongestBytes ? text[..StatisticText.LongestBytes] : text;
                if (min is null || start.SequenceCompareTo(min) < 0) min = start.ToArray();
                if (max is null || start.SequenceCompareTo(max) > 0) max = start.ToArray();
                lengths.Add(text.Length);
            }
        }

        protected override (string? Min, string? Max, Histogram? Histogram) Values() =>
            min is null ? default : (StatisticText.Text(min), StatisticText.Text(max), lengths.Build());
    }
}
