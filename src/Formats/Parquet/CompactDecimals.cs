using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;
using Etl.Core.Memory;

namespace Etl.Formats.Parquet;

/// <summary>
/// NUMERIC values as 64-bit integers with as many digits after the point as they have: half as wide, and packed by their differences. BigQuery takes
/// such columns as NUMERIC (https://cloud.google.com/bigquery/docs/loading-data-cloud-storage-parquet#decimal_logical_type).
/// </summary>
internal static class CompactDecimals
{
    private const int Scale = 9;
    private const int Digits = 18;
    private const long Largest = 999_999_999_999_999_999;

    /// <summary>The type of values with <paramref name="fraction"/> digits after the point.</summary>
    public static Decimal128Type TypeOf(int fraction) => new(Digits, fraction);

    /// <summary>The fewest digits after the point that all values need; null when there is a value of more than 18 digits then.</summary>
    public static int? FractionOf(IEnumerable<Decimal128Array> chunks)
    {
        var fraction = 0;
        foreach (var chunk in chunks)
        {
            var values = ValuesOf(chunk);
            for (var row = 0; row < values.Length; row++)
            {
                if (!values[row].IsLong && !IsNull(chunk, row))
                    return null;
                var number = values[row].Low;
                while (!TryDivide(number, fraction, out _) && !IsNull(chunk, row))
                {
                    if (fraction++ == Scale)
                        return null;
                }
            }
        }
        return chunks.All(c => Fit(c, fraction)) ? fraction : null;
    }

    /// <summary>Whether all values fit 18 digits, <paramref name="fraction"/> of them after the point.</summary>
    public static bool Fit(Decimal128Array column, int fraction)
    {
        var values = ValuesOf(column);
        for (var row = 0; row < values.Length; row++)
        {
            if ((!values[row].IsLong || !TryDivide(values[row].Low, fraction, out _)) && !IsNull(column, row))
                return false;
        }
        return true;
    }

    /// <summary>All values of a column with <paramref name="fraction"/> digits after the point, which they fit.</summary>
    public static Decimal128Array Convert(IReadOnlyList<Decimal128Array> chunks, int fraction)
    {
        var rows = chunks.Sum(c => c.Length);
        using var values = new BatchBuffer<Number>(rows);
        using var nulls = new NullBits(rows);
        var to = values.Span;
        foreach (var chunk in chunks)
        {
            nulls.Append(chunk);
            var from = ValuesOf(chunk);
            for (var row = 0; row < from.Length; row++)
            {
                TryDivide(from[row].Low, fraction, out var number);
                to[row] = new Number(number, number >> 63);
            }
            to = to[from.Length..];
        }
        return new Decimal128Array(new ArrayData(TypeOf(fraction), rows, nulls.NullCount, 0, [nulls.Build(), values.Build()]));
    }

    // Whatever stands under a null.
    private static bool IsNull(Decimal128Array column, int row) => column.NullCount > 0 && column.IsNull(row);

    private static ReadOnlySpan<Number> ValuesOf(Decimal128Array column) =>
        MemoryMarshal.Cast<byte, Number>(column.ValueBuffer.Span).Slice(column.Offset, column.Length);

    // Exact division by 10^n, n = 9 - fraction, with no division: a power of two is shifted off, the power of five is multiplied off by its inverse
    // modulo 2^64. What that gives is the quotient only if it is small enough to be one.
    private static bool TryDivide(long value, int fraction, out long quotient)
    {
        var n = Scale - fraction;
        quotient = unchecked((value >> n) * InverseOfFives[n]);
        return (value & ((1L << n) - 1)) == 0 && quotient <= LargestQuotient[n] && quotient >= -LargestQuotient[n];
    }

    // A number of 128 bits in its halves: what the framework's own type does takes a call each before the code is optimised.
    private readonly record struct Number(long Low, long High)
    {
        public bool IsLong => Low >> 63 == High;
    }

    private static readonly long[] Fives = [.. Enumerable.Range(0, Scale + 1).Select(n => (long)Math.Pow(5, n))];
    private static readonly long[] InverseOfFives = [.. Fives.Select(Inverse)];
    private static readonly long[] LargestQuotient = [.. Fives.Select(f => Math.Min(Largest, long.MaxValue / f))];

    // Newton's iteration: each step doubles the bits that are right.
    private static long Inverse(long odd)
    {
        var inverse = odd;
        for (var i = 0; i < 6; i++)
            inverse = unchecked(inverse * (2 - odd * inverse));
        return inverse;
    }
}
