using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Etl.Csv.Values;

/// <summary>Dates and times as BigQuery's types, year first: <c>2024-01-31</c> or <c>2024/1/31</c>, <c>T</c> or a space, <c>09:30:00.123456</c>, and for an instant a zone.</summary>
internal static class CalendarParser
{
    private const long Day = 86_400 * CalendarText.Second;

    // 0001-01-01T00:00:00Z to 9999-12-31T23:59:59.999999Z: what BigQuery holds, whatever zone it was written in.
    private const long MinMicros = -719_162 * Day;
    private const long MaxMicros = 2_932_897 * Day - 1;

    /// <summary>A day of ten characters in whole words, else as <see cref="TryParseDate(ReadOnlySpan{byte}, out int)"/>; 16 bytes from its start on can be read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryParseDatePadded(ref readonly byte text, int length, out int days) =>
        (length == 10 && CalendarWords.TryReadDate(in text, out days)) || TryParseDate(MemoryMarshal.CreateReadOnlySpan(in text, length), out days);

    /// <summary>A day and time of day in whole words, else as <see cref="TryParseDateTime(ReadOnlySpan{byte}, out long)"/>; 32 bytes from its start on can be read.</summary>
    public static bool TryParseDateTimePadded(ref readonly byte text, int length, out long micros)
    {
        if (length >= 19 && CalendarWords.TryReadDateTime(in text, out micros))
        {
            if (length == 19)
                return true;
            var rest = MemoryMarshal.CreateReadOnlySpan(in Unsafe.Add(ref Unsafe.AsRef(in text), 19), length - 19);
            if (CalendarText.TryTakeFraction(ref rest, ref micros) && rest.IsEmpty)
                return true;
        }
        return TryParseDateTime(MemoryMarshal.CreateReadOnlySpan(in text, length), out micros);
    }

    /// <summary>An instant in whole words, else as <see cref="TryParseTimestamp(ReadOnlySpan{byte}, out long)"/>; 32 bytes from its start on can be read.</summary>
    public static bool TryParseTimestampPadded(ref readonly byte text, int length, out long micros)
    {
        if (length >= 20 && CalendarWords.TryReadDateTime(in text, out micros))
        {
            if (length == 20 && Unsafe.Add(ref Unsafe.AsRef(in text), 19) == 'Z')
                return true;
            var rest = MemoryMarshal.CreateReadOnlySpan(in Unsafe.Add(ref Unsafe.AsRef(in text), 19), length - 19);
            if (CalendarText.TryTakeFraction(ref rest, ref micros) && CalendarText.TryTakeZone(ref rest, out var offset) && rest.IsEmpty)
            {
                micros -= offset;
                return micros is >= MinMicros and <= MaxMicros;
            }
        }
        return TryParseTimestamp(MemoryMarshal.CreateReadOnlySpan(in text, length), out micros);
    }

    /// <summary>A day, in days since 1970-01-01.</summary>
    public static bool TryParseDate(ReadOnlySpan<byte> text, out int days) => TryParseDate(text, out days, out _);

    /// <summary>A day, and whether it is written with slashes.</summary>
    public static bool TryParseDate(ReadOnlySpan<byte> text, out int days, out bool slashes)
    {
        text = AsciiText.Trim(text);
        return CalendarText.TryTakeDate(ref text, out days, out slashes) && text.Length == 0;
    }

    /// <summary>A day and time of day with no zone, in microseconds since 1970-01-01T00:00:00.</summary>
    public static bool TryParseDateTime(ReadOnlySpan<byte> text, out long micros) => TryParseDateTime(text, out micros, out _);

    /// <summary>A day and time of day, and whether the day is written with slashes.</summary>
    public static bool TryParseDateTime(ReadOnlySpan<byte> text, out long micros, out bool slashes)
    {
        text = AsciiText.Trim(text);
        return TryTakeDateTime(ref text, out micros, out slashes) && text.Length == 0;
    }

    /// <summary>An instant, in microseconds since 1970-01-01T00:00:00Z.</summary>
    public static bool TryParseTimestamp(ReadOnlySpan<byte> text, out long micros) => TryParseTimestamp(text, out micros, out _);

    /// <summary>An instant, and whether the day is written with slashes.</summary>
    public static bool TryParseTimestamp(ReadOnlySpan<byte> text, out long micros, out bool slashes)
    {
        text = AsciiText.Trim(text);
        if (!TryTakeDateTime(ref text, out micros, out slashes) || !CalendarText.TryTakeZone(ref text, out var offset) || text.Length != 0)
            return false;
        micros -= offset;
        return micros is >= MinMicros and <= MaxMicros;
    }

    /// <summary>A time of day, in microseconds since midnight.</summary>
    public static bool TryParseTime(ReadOnlySpan<byte> text, out long micros)
    {
        text = AsciiText.Trim(text);
        return CalendarText.TryTakeTime(ref text, shortHour: false, out micros) && text.Length == 0;
    }

    private static bool TryTakeDateTime(ref ReadOnlySpan<byte> text, out long micros, out bool slashes)
    {
        micros = 0;
        if (!CalendarText.TryTakeDate(ref text, out var days, out slashes) || text.Length == 0 || text[0] is not ((byte)'T' or (byte)' ' or (byte)'t'))
            return false;
        text = text[1..];
        if (!CalendarText.TryTakeTime(ref text, shortHour: slashes, out var time))
            return false;
        micros = days * Day + time;
        return true;
    }
}
