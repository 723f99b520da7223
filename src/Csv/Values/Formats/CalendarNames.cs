using System.Text;

namespace Etl.Csv.Values.Formats;

/// <summary>Names of months, days of the week and halves of the day, in English whatever their case, and in Japanese.</summary>
internal static class CalendarNames
{
    private static readonly byte[][] Months = Names("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December");
    private static readonly byte[][] Days = Names("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday");
    private static readonly byte[][] JapaneseDays = Names("日", "月", "火", "水", "木", "金", "土");

    /// <summary>Takes a month's name or its first three letters (and <c>Sept</c>), with a point after it or not.</summary>
    /// <returns>1 to 12, or 0 when there is none.</returns>
    public static int TakeMonth(ref ReadOnlySpan<byte> text)
    {
        var month = TakeName(ref text, Months) + 1;
        if (month == 9 && text.Length > 0 && text[0] is (byte)'t' or (byte)'T')
            text = text[1..];
        if (month > 0 && text.Length > 0 && text[0] == '.')
            text = text[1..];
        return month;
    }

    /// <summary>Takes the name of a day of the week, or its first three letters, or its one Japanese sign.</summary>
    /// <returns>0 for Sunday to 6, or -1 when there is none.</returns>
    public static int TakeDay(ref ReadOnlySpan<byte> text)
    {
        for (var i = 0; i < JapaneseDays.Length; i++)
        {
            if (!text.StartsWith(JapaneseDays[i]))
                continue;
            text = text[JapaneseDays[i].Length..];
            return i;
        }
        return TakeName(ref text, Days);
    }

    /// <summary>Takes AM, PM, 午前 or 午後.</summary>
    public static bool TryTakeHalf(ref ReadOnlySpan<byte> text, out bool afternoon)
    {
        afternoon = text.StartsWith("午後"u8);
        if (afternoon || text.StartsWith("午前"u8))
        {
            text = text["午後"u8.Length..];
            return true;
        }
        if (text.Length < 2 || (text[1] | 0x20) != 'm' || (text[0] | 0x20) is not ('a' or 'p'))
            return false;
        afternoon = (text[0] | 0x20) == 'p';
        text = text[2..];
        return true;
    }

    // The whole name when it is there, else three letters.
    private static int TakeName(ref ReadOnlySpan<byte> text, byte[][] names)
    {
        if (text.Length < 3)
            return -1;
        for (var i = 0; i < names.Length; i++)
        {
            var name = names[i];
            if ((text[0] | 0x20) != (name[0] | 0x20) || !Ascii.EqualsIgnoreCase(text[..3], name.AsSpan(0, 3)))
                continue;
            text = text[(text.Length >= name.Length && Ascii.EqualsIgnoreCase(text[..name.Length], name) ? name.Length : 3)..];
            return i;
        }
        return -1;
    }

    private static byte[][] Names(params string[] names) => [.. names.Select(Encoding.UTF8.GetBytes)];
}
