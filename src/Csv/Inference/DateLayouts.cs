using System.Numerics;
using Etl.Csv.Values;
using Etl.Csv.Values.Formats;

namespace Etl.Csv.Inference;

/// <summary>The layouts of dates that inference knows, as bits: a value may fit several, and a column has those that all its values fit. They are read by the very patterns that would fill the column.</summary>
internal static class DateLayouts
{
    /// <summary><c>2024-01-31</c>, the plain way.</summary>
    public const uint Iso = 1;

    /// <summary><c>2024/1/31</c>, plain too.</summary>
    public const uint Slash = 2;

    /// <summary>Every layout.</summary>
    public const uint All = (1u << Count) - 1;

    private const int Plain = 2;
    private const int Count = Plain + 16;

    // Day first and month first stand in pairs.
    private static readonly string[] Patterns =
    [
        "d/M/yyyy", "M/d/yyyy", "d-M-yyyy", "M-d-yyyy", "d.M.yyyy", "M.d.yyyy", "yyyy-M-d", "yyyy/M/d", "yyyy.M.d",
        "d MMM yyyy", "d-MMM-yyyy", "MMM d, yyyy", "MMM d yyyy", "yyyy年M月d日", "ggy年M月d日", "d MMM, yyyy",
    ];

    private static readonly string[] TimePatterns =
        [" H:mm", " H:mm:ss", " H:mm:ss.FFFFFF", " h:mm tt", " h:mm:ss tt", " h:mmtt", "'T'HH:mm:ss", "H時m分", "H時m分s秒", " H時m分", " H時m分s秒"];

    private static readonly string[] Short = ["d/M/yy", "M/d/yy", "yy/M/d", "d-MMM-yy", "d.M.yy", "ggy.M.d", "ggy/M/d", "yy-M-d"];

    private static readonly DatePattern[] Dates = [.. Patterns.Select(p => new DatePattern(p))];
    private static readonly DatePattern[] Times = [.. TimePatterns.Select(p => new DatePattern(p))];
    private static readonly DatePattern[] Shorts = [.. Short.Select(p => new DatePattern(p))];

    /// <summary>Every layout of times.</summary>
    public static uint AllTimes { get; } = (1u << TimePatterns.Length) - 1;

    /// <summary>Whether both orders of day and month are among <paramref name="layouts"/>.</summary>
    public static bool IsAmbiguous(uint layouts) => (OrdersIn(layouts) & OrdersIn(layouts) >> 1 & 0b010101) != 0;

    /// <summary>The bits of the layouts with an order of day and month.</summary>
    public static uint OrdersIn(uint layouts) => layouts >> Plain & 0b111111;

    /// <summary>The pattern of the layouts' first, with that of the times' first; null when it is plain.</summary>
    public static string? PatternOf(uint layouts, uint times, ValueKind kind)
    {
        if ((layouts & (Iso | Slash)) != 0)
            return null;
        var date = Patterns[BitOperations.TrailingZeroCount(layouts) - Plain];
        var time = kind == ValueKind.Date ? "" : TimePatterns[BitOperations.TrailingZeroCount(times)];
        return date + time + (kind == ValueKind.Timestamp ? "zzz" : "");
    }

    /// <summary>Both patterns that ambiguous layouts leave.</summary>
    public static (string DayFirst, string MonthFirst) BothOf(uint layouts, uint times, ValueKind kind)
    {
        var first = BitOperations.TrailingZeroCount(OrdersIn(layouts)) & ~1;
        return (PatternOf(1u << first + Plain, times, kind)!, PatternOf(2u << first + Plain, times, kind)!);
    }

    /// <summary>Which of <paramref name="candidates"/> a text fits.</summary>
    public static ValueKind Read(ReadOnlySpan<byte> text, uint candidates, out uint layouts, out uint times)
    {
        (layouts, times) = (0, 0);
        if (text.Length is < 6 or > 64)
            return ValueKind.Text;
        Span<byte> room = stackalloc byte[64];
        scoped var folded = AsciiText.Trim(FullWidth.Fold(text, room));
        var kind = ValueKind.Text;
        for (var left = candidates >> Plain; left != 0; left &= left - 1)
        {
            var index = BitOperations.TrailingZeroCount(left);
            scoped var rest = folded;
            if (!Dates[index].TryTake(ref rest, out _) || ReadTime(rest, out var fitting) is var found && found == ValueKind.Text)
                continue;
            kind = found;
            layouts |= 1u << index + Plain;
            times |= fitting;
        }
        return kind;
    }

    /// <summary>The first pattern with a short year or era that a text fits; null when none does.</summary>
    public static string? ShortPatternOf(ReadOnlySpan<byte> text)
    {
        if (text.Length is < 6 or > 24)
            return null;
        foreach (var pattern in Shorts)
        {
            if (pattern.TryParse(text, out _))
                return pattern.Text;
        }
        return null;
    }

    private static ValueKind ReadTime(ReadOnlySpan<byte> rest, out uint times)
    {
        times = 0;
        if (rest.IsEmpty)
            return ValueKind.Date;
        var kind = ValueKind.Text;
        for (var i = 0; i < Times.Length; i++)
        {
            var after = rest;
            if (!Times[i].TryTake(ref after, out _))
                continue;
            var zoned = !after.IsEmpty;
            if (zoned && (!CalendarText.TryTakeZone(ref after, out _) || !after.IsEmpty))
                continue;
            kind = zoned ? ValueKind.Timestamp : ValueKind.DateTime;
            times |= 1u << i;
        }
        return kind;
    }
}
