using System.Buffers;

namespace Etl.Csv.Dialects;

/// <summary>Whether a cell looks like a day, a time of day, or both.</summary>
internal static class CalendarShape
{
    private static readonly SearchValues<byte> BesideMonth = SearchValues.Create("0123456789 ,.-/"u8);

    /// <param name="cell">The cell, trimmed, with at least one digit.</param>
    /// <param name="colons">How many colons it has.</param>
    /// <param name="separators">How many slashes and hyphens.</param>
    /// <param name="points">How many points and commas.</param>
    /// <param name="letters">How many ASCII letters.</param>
    /// <returns>The shape; null when it is none of these.</returns>
    public static CellShape? Of(ReadOnlySpan<byte> cell, int colons, int separators, int points, int letters)
    {
        if (letters > 12)
            return null;
        if (colons is 1 or 2 && separators + points == 0 && IsTime(cell))
            return CellShape.Time;
        if (colons == 0)
            return IsDay(cell, letters) ? CellShape.Date : null;
        var split = cell.IndexOfAny((byte)' ', (byte)'T');
        if (split <= 0)
            return points > 0 && IsTime(cell) ? CellShape.Time : null;
        var day = cell[..split];
        return IsDay(day, Letters(day)) && IsTime(cell[(split + 1)..]) ? CellShape.DateTime : null;
    }

    // 9:30, 09:30:15, 09:30:15.250, 9:30 PM, 09:30:15+09:00.
    private static bool IsTime(ReadOnlySpan<byte> text)
    {
        var colon = text.IndexOf((byte)':');
        if (colon is < 1 or > 2 || text.Length < colon + 3 || !IsDigits(text[..colon]) || !IsDigits(text.Slice(colon + 1, 2)))
            return false;
        var rest = text[(colon + 3)..];
        if (rest.Length > 2 && rest[0] == ':')
            rest = IsDigits(rest.Slice(1, 2)) ? rest[3..] : rest;
        if (rest.Length > 1 && rest[0] is (byte)'.' or (byte)',')
            rest = rest[1..].TrimStart("0123456789"u8);
        rest = rest.TrimStart((byte)' ');
        return rest.IsEmpty || rest[0] is (byte)'+' or (byte)'-' or (byte)'Z' || (rest.Length is > 1 and < 6 && (rest[0] | 0x20) is 'a' or 'p' or 'u' or 'g');
    }

    // Three groups of digits with one kind of mark between them, a month by its name, or Japanese signs for year, month and day.
    private static bool IsDay(ReadOnlySpan<byte> text, int letters)
    {
        int groups = 0, length = 0, year = 0;
        byte mark = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var b = text[i];
            if ((uint)(b - '0') <= 9)
            {
                if (length++ == 0)
                    groups++;
                if (length == 4)
                    year++;
                if (length > 4)
                    return false;
                continue;
            }
            if ((uint)((b | 0x20) - 'a') <= 25)
                continue;
            length = 0;
            if (b >= 0x80)
                return text.IndexOf("年"u8) > 0 && text.IndexOf("月"u8) > 0;
            if (b is not ((byte)'/' or (byte)'-' or (byte)'.' or (byte)' ' or (byte)',') || (mark != 0 && b != mark && b is not ((byte)' ' or (byte)',') && mark is not ((byte)' ' or (byte)',')))
                return false;
            mark = b;
        }
        if (mark == 0)
            return false;
        return letters == 0 ? groups == 3 && year <= 1 && mark is not ((byte)' ' or (byte)',') : groups is 1 or 2 && MonthAt(text) >= 0;
    }

    private static int MonthAt(ReadOnlySpan<byte> text)
    {
        var at = text.IndexOfAnyExcept(BesideMonth);
        if (at < 0 || text.Length < at + 3)
            return -1;
        Span<byte> name = [(byte)(text[at] | 0x20), (byte)(text[at + 1] | 0x20), (byte)(text[at + 2] | 0x20)];
        return "jan feb mar apr may jun jul aug sep oct nov dec"u8.IndexOf(name);
    }

    private static int Letters(ReadOnlySpan<byte> text)
    {
        var letters = 0;
        foreach (var b in text)
            letters += (uint)((b | 0x20) - 'a') <= 25 ? 1 : 0;
        return letters;
    }

    private static bool IsDigits(ReadOnlySpan<byte> text) => text.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0;
}
