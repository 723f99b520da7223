using System.Globalization;
using System.Numerics;
using Apache.Arrow;

namespace Etl.TestSupport;

/// <summary>A value of an Arrow array as text, read from its buffers.</summary>
public static class ArrowText
{
    public static string? Of(IArrowArray array, int row)
    {
        if (((Apache.Arrow.Array)array).IsNull(row))
            return null;
        return array switch
        {
            Int64Array a => a.Values[row].ToString(CultureInfo.InvariantCulture),
            DoubleArray a => a.Values[row].ToString("R", CultureInfo.InvariantCulture),
            Decimal128Array a => Decimal(a.ValueBuffer.Span.Slice(row * 16, 16), 9),
            Decimal256Array a => Decimal(a.ValueBuffer.Span.Slice(row * 32, 32), 38),
            BooleanArray a => a.GetValue(row)!.Value ? "true" : "false",
            Date32Array a => DateOnly.FromDayNumber(a.Values[row] + 719162).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            TimestampArray a => DateTime.UnixEpoch.AddTicks(a.Values[row] * 10).ToString("yyyy-MM-ddTHH:mm:ss.ffffff", CultureInfo.InvariantCulture),
            Time64Array a => new TimeOnly(a.Values[row] * 10).ToString("HH:mm:ss.ffffff", CultureInfo.InvariantCulture),
            StringArray a => a.GetString(row),
            _ => throw new NotSupportedException(array.GetType().Name),
        };
    }

    private static string Decimal(ReadOnlySpan<byte> bytes, int scale)
    {
        var value = new BigInteger(bytes);
        var digits = BigInteger.Abs(value).ToString(CultureInfo.InvariantCulture).PadLeft(scale + 1, '0');
        var text = (digits[..^scale] + "." + digits[^scale..]).TrimEnd('0').TrimEnd('.');
        return value.Sign < 0 ? "-" + text : text;
    }
}
