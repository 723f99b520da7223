using System.Numerics;
using System.Text;
using System.Text.Unicode;
using Apache.Arrow;
using Apache.Arrow.Types;
using Etl.Core.Memory;
using Etl.Core.Schemas;
using Etl.Formats.Text;

namespace Etl.Formats.Parquet.Reading;

/// <summary>Turns a column as a Parquet file has it into one of Etl's types: first the type that holds all its values, then the schema's. Values that do not fit are noted.</summary>
/// <param name="faults">Takes the rows whose value does not fit, with the reason.</param>
internal sealed class ColumnConversion(Action<int, string> faults)
{
    private const long FirstMicrosecond = -62_135_596_800_000_000, LastMicrosecond = 253_402_300_799_999_999;
    private const int FirstDay = -719_162, LastDay = 2_932_896;
    private const long DayMicroseconds = 86_400_000_000;
    private const string Years = "expected a time of the years 1 to 9999, found another";

    private delegate bool TryRead<T>(int row, out T value);

    /// <summary>Whether values of <paramref name="from"/> can become values of <paramref name="to"/>.</summary>
    public static bool Can(ColumnType from, ColumnType to) => from == to || to == ColumnType.String || (from, to) is (ColumnType.Int64, ColumnType.Numeric or ColumnType.BigNumeric or ColumnType.Float64) or (ColumnType.Numeric, ColumnType.BigNumeric);

    /// <summary>The column as <paramref name="type"/>. It outlives <paramref name="source"/>, which is the caller's to dispose.</summary>
    public IArrowArray Convert(IArrowArray source, ColumnType natural, ColumnType type)
    {
        var kept = Natural(source, natural);
        if (natural == type) return kept;
        using (kept)
            return (natural, type) switch
            {
                (_, ColumnType.String) => Texts(kept, row => Encoding.UTF8.GetBytes(ValueText.Format(kept, row)!)),
                (ColumnType.Int64, ColumnType.Float64) => Fixed<double>(kept, type, (int row, out double value) => (Int128)(value = ((Int64Array)kept).Values[row]) == ((Int64Array)kept).Values[row], "expected a number that FLOAT64 holds exactly, found one with more digits"),
                (ColumnType.Int64, _) => Decimals(kept, type, row => ((Int64Array)kept).Values[row], 0),
                _ => Decimals(kept, type, row => Decimal(kept, row), 9),
            };
    }

    /// <summary>A column of rows without a value.</summary>
    public IArrowArray Missing(ColumnType type, int rows)
    {
        var none = new BooleanArray.Builder();
        for (var row = 0; row < rows; row++) none.AppendNull();
        var nulls = none.Build();
        if (type == ColumnType.Bool) return nulls;
        using (nulls)
        {
            if (type == ColumnType.String) return Texts(nulls, _ => []);
            using var values = new BatchBuffer<byte>(Math.Max(1, rows * ((FixedWidthType)type.ToArrow()).BitWidth / 8));
            values.Span.Clear();
            return Build(nulls, type, values.Build());
        }
    }

    private static IArrowArray Shared(IArrowArray source) => ArrowArrayFactory.SliceShared(source, 0, source.Length);

    private IArrowArray Natural(IArrowArray source, ColumnType type) => source switch
    {
        Int8Array a => Whole(a, row => a.Values[row]),
        Int16Array a => Whole(a, row => a.Values[row]),
        Int32Array a => Whole(a, row => a.Values[row]),
        Int64Array or DoubleArray or BooleanArray => Shared(source),
        UInt8Array a => Whole(a, row => a.Values[row]),
        UInt16Array a => Whole(a, row => a.Values[row]),
        UInt32Array a => Whole(a, row => a.Values[row]),
        UInt64Array a => Decimals(a, type, row => a.Values[row], 0),
        HalfFloatArray a => Fixed(a, type, (int row, out double value) => Is(value = (double)a.Values[row]), ""),
        FloatArray a => Fixed(a, type, (int row, out double value) => Is(value = a.Values[row]), ""),
        Decimal128Array { Scale: 9 } when type == ColumnType.Numeric && ((Decimal128Type)source.Data.DataType).Precision == 38 => Shared(source),
        Decimal128Array a => Decimals(a, type, row => Decimal(a, row), a.Scale),
        Decimal256Array a => Decimals(a, type, row => Decimal(a, row), a.Scale),
        Date32Array a => Fixed(a, type, (int row, out int value) => (value = a.Values[row]) is >= FirstDay and <= LastDay, Years),
        Date64Array a => Fixed(a, type, (int row, out int value) => Day(a.Values[row], out value), Years),
        TimestampArray a => Times(a, type, ((TimestampType)a.Data.DataType).Unit),
        Time32Array a => Fixed(a, type, (int row, out long value) => Is(value = a.Values[row] * (((Time32Type)a.Data.DataType).Unit == TimeUnit.Second ? 1_000_000L : 1_000L)), ""),
        Time64Array a when ((Time64Type)a.Data.DataType).Unit == TimeUnit.Microsecond => Shared(source),
        Time64Array a => Fixed(a, type, (int row, out long value) => Math.DivRem(a.Values[row], 1_000, out value) is var micros && value == 0 && Is(value = micros), Nanoseconds),
        StringArray a => Texts(a, row => a.GetBytes(row)),
        LargeStringArray a => Texts(a, row => a.GetBytes(row)),
        StringViewArray a => Texts(a, row => a.GetBytes(row)),
        DictionaryArray a => Dictionary(a),
        NullArray a => Missing(ColumnType.String, a.Length),
        _ => throw new InvalidOperationException($"Arrow's {source.Data.DataType.Name} was taken for {type}."),
    };

    private const string Nanoseconds = "expected a time in microseconds, found one with nanoseconds";

    private static bool Is<T>(T _) => true;

    private static bool Day(long milliseconds, out int day)
    {
        var days = Math.DivRem(milliseconds, 86_400_000L, out var rest);
        day = (int)Math.Clamp(rest < 0 ? days - 1 : days, int.MinValue, int.MaxValue);
        return day is >= FirstDay and <= LastDay;
    }

    private IArrowArray Whole(IArrowArray source, Func<int, long> read) => Fixed(source, ColumnType.Int64, (int row, out long value) => Is(value = read(row)), "");

    private IArrowArray Times(TimestampArray source, ColumnType type, TimeUnit unit)
    {
        var (multiply, divide) = unit switch { TimeUnit.Second => (1_000_000L, 1L), TimeUnit.Millisecond => (1_000L, 1L), TimeUnit.Microsecond => (1L, 1L), _ => (1L, 1_000L) };
        return Fixed(
            source,
            type,
            (int row, out long value) =>
            {
                var exact = (Int128)source.Values[row] * multiply;
                value = exact % divide == 0 && exact / divide is var time && time >= FirstMicrosecond && time <= LastMicrosecond ? (long)time : long.MinValue;
                return value != long.MinValue;
            },
            unit == TimeUnit.Nanosecond ? Nanoseconds : Years);
    }

    private IArrowArray Decimals(IArrowArray source, ColumnType type, Func<int, BigInteger> read, int scale)
    {
        var (width, digits) = type == ColumnType.Numeric ? (16, 9) : (32, 38);
        var factor = BigInteger.Pow(10, Math.Abs(digits - scale));
        // BIGNUMERIC goes as far as 256 bits do (https://cloud.google.com/bigquery/docs/reference/standard-sql/data-types#decimal_types).
        var most = type == ColumnType.Numeric ? BigInteger.Pow(10, 38) - 1 : (BigInteger.One << 255) - 1;
        var least = type == ColumnType.Numeric ? -most : -(BigInteger.One << 255);
        using var values = new BatchBuffer<byte>(Math.Max(1, source.Length * width));
        values.Span.Clear();
        for (var row = 0; row < source.Length; row++)
        {
            if (source.IsNull(row)) continue;
            var value = read(row) * factor;
            if (value > most || value < least)
            {
                faults(row, $"expected a decimal number that {type.SqlName()} holds, found a larger one");
                continue;
            }

            var place = values.Span.Slice(row * width, width);
            place.Fill(value.Sign < 0 ? (byte)0xFF : (byte)0);
            value.TryWriteBytes(place, out _);
        }

        return Build(source, type, values.Build());
    }

    private IArrowArray Fixed<T>(IArrowArray source, ColumnType type, TryRead<T> read, string reason) where T : unmanaged
    {
        using var values = new BatchBuffer<T>(Math.Max(1, source.Length));
        for (var row = 0; row < source.Length; row++)
        {
            var value = default(T);
            if (!source.IsNull(row) && !read(row, out value)) faults(row, reason);
            values.Span[row] = value;
        }

        return Build(source, type, values.Build());
    }

    private IArrowArray Texts(IArrowArray source, Func<int, ReadOnlySpan<byte>> read)
    {
        var builder = new StringArray.Builder().Reserve(source.Length);
        for (var row = 0; row < source.Length; row++)
        {
            if (source.IsNull(row))
            {
                builder.AppendNull();
                continue;
            }

            var text = read(row);
            if (!Utf8.IsValid(text))
            {
                faults(row, "expected text in UTF-8, found bytes that are none");
                text = [];
            }

            builder.Append(text);
        }

        return builder.Build();
    }

    private IArrowArray Dictionary(DictionaryArray source)
    {
        using var words = (StringArray)Natural(source.Dictionary, ColumnType.String);
        var indices = source.Indices;
        Func<int, int> at = indices switch
        {
            Int8Array a => row => a.Values[row],
            UInt8Array a => row => a.Values[row],
            Int16Array a => row => a.Values[row],
            UInt16Array a => row => a.Values[row],
            Int32Array a => row => a.Values[row],
            UInt32Array a => row => (int)a.Values[row],
            Int64Array a => row => (int)a.Values[row],
            UInt64Array a => row => (int)a.Values[row],
            _ => throw new InvalidOperationException($"A dictionary is indexed by Arrow's {indices.Data.DataType.Name}."),
        };
        return Texts(indices, row => words.GetBytes(at(row)));
    }

    private static BigInteger Decimal(IArrowArray source, int row)
    {
        var width = source is Decimal128Array ? 16 : 32;
        return new BigInteger(source.Data.Buffers[1].Span.Slice((source.Data.Offset + row) * width, width));
    }

    private static IArrowArray Build(IArrowArray source, ColumnType type, ArrowBuffer values)
    {
        using var nulls = new NullBits(source.Length);
        nulls.Append(source);
        return ArrowArrayFactory.BuildArray(new ArrayData(type.ToArrow(), source.Length, nulls.NullCount, 0, [nulls.Build(), values]));
    }
}
