using System.Runtime.CompilerServices;

namespace Etl.Csv.Values;

/// <summary>Reads the pieces of dates and times from the front of a text. Years come first, so that day and month cannot be confused.</summary>
internal static class CalendarText
{
    /// <summary>Microseconds in a second.</summary>
    public const long Second = 1_000_000;

    private const int UnixEpochDay = 719_162;

    /// <summary>Takes <c>yyyy-MM-dd</c>, or <c>yyyy/M/d</c> with one or two digits, as days since 1970-01-01.</summary>
    public static bool TryTakeDate(ref ReadOnlySpan<byte> text, out int days, out bool slashes)
    {
        days = 0;
        slashes = false;
        if (text.Length < 8 || !TryTwo(text, 0, out var century) || !TryTwo(text, 2, out var year) || (year += century * 100) == 0)
            return false;
        slashes = text[4] == '/';
        if (!slashes && text[4] != '-')
            return false;
        int month, day;
        if (!slashes)
        {
            if (text.Length < 10 || text[7] != '-' || !TryTwo(text, 5, out month) || !TryTwo(text, 8, out day))
                return false;
            text = text[10..];
        }
        else
        {
            text = text[5..];
            if (!TryTakeOneOrTwo(ref text, out month) || text.Length == 0 || text[0] != '/')
                return false;
            text = text[1..];
            if (!TryTakeOneOrTwo(ref text, out day))
                return false;
        }
        return TryCountDays(year, month, day, out days);
    }

    /// <summary>The days from 1970-01-01 to a day of the proleptic Gregorian calendar; false when there is no such day, or its year is not 1 to 9999.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryCountDays(int year, int month, int day, out int days)
    {
        days = 0;
        return (uint)(month - 1) <= 11 && TryCountDays(year * 12 + month, day, out days);
    }

    /// <summary>The same of a day of a month, which is counted from that before year 0: there is one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryCountDays(int months, int day, out int days)
    {
        days = 0;
        var index = months - 13;
        if ((uint)index >= (uint)(MonthStarts.Length - 1) || (uint)(day - 1) >= (uint)(MonthStarts[index + 1] - MonthStarts[index]))
            return false;
        days = MonthStarts[index] + day - 1;
        return true;
    }

    // The first day of each month of the years 1 to 9999, and of the month after.
    private static readonly int[] MonthStarts = CreateMonthStarts();

    private static int[] CreateMonthStarts()
    {
        var starts = new int[9999 * 12 + 1];
        var day = -UnixEpochDay;
        for (var month = 0; month < starts.Length - 1; month++)
        {
            starts[month] = day;
            day += DateTime.DaysInMonth(month / 12 + 1, month % 12 + 1);
        }
        starts[^1] = day;
        return starts;
    }

    /// <summary>Takes <c>HH:mm</c>, <c>HH:mm:ss</c> or <c>HH:mm:ss.ffffff</c> as microseconds since midnight; <c>H</c> when <paramref name="shortHour"/>. More digits are taken only when they are zeros.</summary>
    public static bool TryTakeTime(ref ReadOnlySpan<byte> text, bool shortHour, out long micros)
    {
        micros = 0;
        int hour;
        if (shortHour)
        {
            if (!TryTakeOneOrTwo(ref text, out hour))
                return false;
        }
        else
        {
            if (!TryTwo(text, 0, out hour))
                return false;
            text = text[2..];
        }
        if (hour > 23 || text.Length < 3 || text[0] != ':' || !TryTwo(text, 1, out var minute) || minute > 59)
            return false;
        text = text[3..];
        micros = (hour * 60 + minute) * 60 * Second;
        if (text.Length == 0 || text[0] != ':')
            return true;
        if (text.Length < 3 || !TryTwo(text, 1, out var second) || second > 59)
            return false;
        micros += second * Second;
        text = text[3..];
        return TryTakeFraction(ref text, ref micros);
    }

    /// <summary>Takes the fraction of a second, if there is one, and adds it to <paramref name="micros"/>.</summary>
    public static bool TryTakeFraction(ref ReadOnlySpan<byte> text, ref long micros)
    {
        if (text.Length == 0 || text[0] != '.')
            return true;
        text = text[1..];
        var unit = Second;
        var taken = 0;
        for (; taken < text.Length && AsciiText.IsDigit(text[taken]); taken++)
        {
            unit /= 10;
            if (unit == 0 && text[taken] != '0')
                return false;
            micros += (text[taken] - '0') * unit;
        }
        text = text[taken..];
        return taken > 0;
    }

    /// <summary>Takes <c>Z</c>, <c>UTC</c> or an offset such as <c>+09:00</c>, <c>+0900</c> or <c>+09</c>, with a space before it or not, as microseconds east of UTC.</summary>
    public static bool TryTakeZone(ref ReadOnlySpan<byte> text, out long offset)
    {
        offset = 0;
        if (text.Length > 0 && text[0] == ' ')
            text = text[1..];
        if (text.Length == 0)
            return false;
        if (text[0] is (byte)'Z' or (byte)'z')
        {
            text = text[1..];
            return true;
        }
        if (text.StartsWith("UTC"u8))
        {
            text = text[3..];
            return true;
        }
        if (text[0] is not ((byte)'+' or (byte)'-') || !TryTwo(text, 1, out var hours) || hours > 14)
            return false;
        var negative = text[0] == '-';
        text = text[3..];
        var minutes = 0;
        if (text.Length > 0)
        {
            if (text[0] == ':')
                text = text[1..];
            if (!TryTwo(text, 0, out minutes) || minutes > 59)
                return false;
            text = text[2..];
        }
        offset = (hours * 60 + minutes) * 60 * Second;
        if (negative)
            offset = -offset;
        return true;
    }

    private static bool TryTakeOneOrTwo(ref ReadOnlySpan<byte> text, out int value)
    {
        if (TryTwo(text, 0, out value))
        {
            text = text[2..];
            return true;
        }
        if (text.Length == 0 || !AsciiText.IsDigit(text[0]))
            return false;
        value = text[0] - '0';
        text = text[1..];
        return true;
    }

    private static bool TryTwo(ReadOnlySpan<byte> text, int at, out int value)
    {
        value = 0;
        if (text.Length < at + 2)
            return false;
        var tens = (uint)(text[at] - '0');
        var ones = (uint)(text[at + 1] - '0');
        value = (int)(tens * 10 + ones);
        return tens <= 9 && ones <= 9;
    }
}
