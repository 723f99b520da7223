namespace Etl.Csv.Values;

/// <summary>Dates and times as BigQuery's types, year first: <c>2024-01-31</c> or <c>2024/1/31</c>, <c>T</c> or a space, <c>09:30:00.123456</c>, and for an instant a zone.</summary>
internal static class CalendarParser
{
    private const long Day = 86_400 * CalendarText.Second;

    // 0001-01-01T00:00:00Z to 9999-12-31T23:59:59.999999Z: what BigQuery holds, whatever zone it was written in.
    private const long MinMicros = -719_162 * Day;
    private const long MaxMicros = 2_932_897 * Day - 1;

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
