namespace Etl.Csv.Values.Formats;

/// <summary>Years of the Japanese eras since the Gregorian calendar came: 令和6年 is 2024. A year that runs past an era's end counts on, as in papers printed before the new era was known.</summary>
internal static class JapaneseEra
{
    /// <summary>Takes an era's name from the front of <paramref name="text"/>: 令和, 令 or R.</summary>
    /// <param name="text">What is left.</param>
    /// <param name="yearBefore">The Gregorian year before its first.</param>
    public static bool TryTake(ref ReadOnlySpan<byte> text, out int yearBefore)
    {
        yearBefore = 0;
        if (text.IsEmpty)
            return false;
        yearBefore = (text[0] & 0xDF) switch
        {
            'M' => 1867,
            'T' => 1911,
            'S' => 1925,
            'H' => 1988,
            'R' => 2018,
            _ => 0,
        };
        if (yearBefore != 0)
        {
            text = text[1..];
            return true;
        }
        return TryTake(ref text, "令"u8, "和"u8, 2018, ref yearBefore) || TryTake(ref text, "平"u8, "成"u8, 1988, ref yearBefore)
            || TryTake(ref text, "昭"u8, "和"u8, 1925, ref yearBefore) || TryTake(ref text, "大"u8, "正"u8, 1911, ref yearBefore)
            || TryTake(ref text, "明"u8, "治"u8, 1867, ref yearBefore);
    }

    /// <summary>Takes a year of an era, 元 being the first.</summary>
    /// <returns>False when there is none, or when it is before Meiji 6 (1873), where days were those of another calendar.</returns>
    public static bool TryTakeYear(ref ReadOnlySpan<byte> text, int yearBefore, out int year)
    {
        year = 0;
        if (text.StartsWith("元"u8))
        {
            text = text["元"u8.Length..];
            year = 1;
        }
        else if (!DigitText.TryTake(ref text, 1, 2, out year) || year == 0)
        {
            return false;
        }
        year += yearBefore;
        return year >= 1873;
    }

    private static bool TryTake(ref ReadOnlySpan<byte> text, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, int before, ref int yearBefore)
    {
        if (!text.StartsWith(first))
            return false;
        text = text[first.Length..];
        if (text.StartsWith(second))
            text = text[second.Length..];
        yearBefore = before;
        return true;
    }
}
