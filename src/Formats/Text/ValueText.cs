using System.Buffers.Text;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;
using Etl.Core.Schemas;

namespace Etl.Formats.Text;

/// <summary>Writes values that are not null as bare text in the forms that BigQuery reads (https://cloud.google.com/bigquery/docs/loading-data-cloud-storage-csv#data_types).</summary>
public static class ValueText
{
    /// <summary>The text of row <paramref name="row"/> of a column of any type, or null where the value is missing.</summary>
    public static string? Format(IArrowArray column, int row)
    {
        ArgumentNullException.ThrowIfNull(column);
        if (column.IsNull(row))
            return null;
        if (column is StringArray text)
            return text.GetString(row);
        using var bytes = new MemoryStream();
        using var buffer = new Utf8Buffer(bytes);
        Write(column, row, buffer);
        buffer.Flush();
        return Encoding.UTF8.GetString(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }

    /// <summary>Whether the text of <paramref name="type"/> may stand in JSON as it is, and never needs quotes in CSV.</summary>
    internal static bool IsBareInJson(ColumnType type) => type is ColumnType.Int64 or ColumnType.Float64 or ColumnType.Bool;

    /// <summary>Writes row <paramref name="row"/> of any column but text.</summary>
    internal static void Write(IArrowArray column, int row, Utf8Buffer to)
    {
        switch (column)
        {
            case Int64Array integers:
                Utf8Formatter.TryFormat(integers.Values[row], to.Room(20), out var count);
                to.Advance(count);
                break;
            case DoubleArray doubles when doubles.Values[row] == 0 && double.IsNegative(doubles.Values[row]):
                // A JSON reader takes -0 for an integer and drops the sign.
                to.Add("-0.0"u8);
                break;
            case DoubleArray doubles:
                to.Add(doubles.Values[row]);
                break;
            case BooleanArray flags:
                to.Add(flags.GetValue(row) is true ? "true"u8 : "false"u8);
                break;
            case Date32Array dates:
                Date(dates.Values[row], to);
                break;
            case TimestampArray instants:
                DateTime(instants.Values[row], to);
                if (((TimestampType)instants.Data.DataType).Timezone is not null)
                    to.Add("+00:00"u8);
                break;
            case Time64Array times:
                Time(times.Values[row], to);
                break;
            case Decimal128Array numerics:
                to.Advance(DecimalText.Format(numerics.ValueBuffer.Span.Slice((numerics.Offset + row) * 16, 16), numerics.Scale, to.Room(DecimalText.MaxLength)));
                break;
            case Decimal256Array numerics:
                to.Advance(DecimalText.Format(numerics.ValueBuffer.Span.Slice((numerics.Offset + row) * 32, 32), numerics.Scale, to.Room(DecimalText.MaxLength)));
                break;
            default:
                throw new InvalidOperationException($"No text form for Arrow's {column.Data.DataType.Name}.");
        }
    }

    private static void Date(int daysSince1970, Utf8Buffer to) => to.Add(DateOnly.FromDayNumber(daysSince1970 + 719162), "O");

    private static void DateTime(long microseconds, Utf8Buffer to)
    {
        const long day = 86_400_000_000;
        var (days, time) = Math.DivRem(microseconds, day);
        if (time < 0)
        {
            days--;
            time += day;
        }

        Date(checked((int)days), to);
        to.Add((byte)' ');
        Time(time, to);
    }

    private static void Time(long microseconds, Utf8Buffer to)
    {
        var (seconds, fraction) = ((int)(microseconds / 1_000_000), (int)(microseconds % 1_000_000));
        var room = to.Room(15);
        Two(seconds / 3600, room);
        room[2] = (byte)':';
        Two(seconds / 60 % 60, room[3..]);
        room[5] = (byte)':';
        Two(seconds % 60, room[6..]);
        to.Advance(8);
        if (fraction == 0)
            return;
        room[8] = (byte)'.';
        Two(fraction / 10_000, room[9..]);
        Two(fraction / 100 % 100, room[11..]);
        Two(fraction % 100, room[13..]);
        to.Advance(7);
    }

    private static void Two(int value, Span<byte> to)
    {
        to[0] = (byte)('0' + (value / 10));
        to[1] = (byte)('0' + (value % 10));
    }
}
