using System.Globalization;
using System.Numerics;
using System.Text;
using Etl.Core.Schemas;

namespace Etl.Core.Statistics;

/// <summary>The smallest and the largest value of a column as text, whose order <see cref="ValueOrder"/> knows.</summary>
internal static class StatisticText
{
    /// <summary>As many bytes of a text as are kept.</summary>
    public const int LongestBytes = 120;

    private const int LongestLetters = 40;
    private const int DaysBefore1970 = 719162;
    private const long MicrosecondsADay = 86_400_000_000;

    /// <summary>A whole number, or what Arrow stores as one.</summary>
    public static string Whole(long value, ColumnType type)
    {
        switch (type)
        {
            case ColumnType.Date:
                return DateOnly.FromDayNumber((int)value + DaysBefore1970).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            case ColumnType.DateTime or ColumnType.Timestamp:
                var day = Math.DivRem(value, MicrosecondsADay, out var rest);
                if (rest < 0) (day, rest) = (day - 1, rest + MicrosecondsADay);
                return $"{Whole(day, ColumnType.Date)} {Time(rest)}{(type == ColumnType.Timestamp ? "+00:00" : "")}";
            case ColumnType.Time:
                return Time(value);
            default:
                return value.ToString(CultureInfo.InvariantCulture);
        }
    }

    /// <summary>A double, so that reading it gives the same one.</summary>
    public static string Float(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>A number of <paramref name="scale"/> digits after the point, those at its end that are zero left out.</summary>
    public static string Decimal(BigInteger value, int scale)
    {
        var digits = BigInteger.Abs(value).ToString(CultureInfo.InvariantCulture).PadLeft(scale + 1, '0');
        var fraction = digits[^scale..].TrimEnd('0');
        return $"{(value.Sign < 0 ? "-" : "")}{digits[..^scale]}{(fraction.Length == 0 ? "" : "." + fraction)}";
    }

    /// <summary>A text's first letters.</summary>
    public static string? Text(byte[]? bytes)
    {
        if (bytes is null) return null;
        var text = Encoding.UTF8.GetString(bytes);
        if (bytes.Length < LongestBytes && text.Length <= LongestLetters) return text;
        var end = Math.Min(LongestLetters, text.Length - 1);
        // No letter is cut in two: neither at the bytes' end nor at a pair.
        return (char.IsHighSurrogate(text[end - 1]) ? text[..(end - 1)] : text[..end]) + "…";
    }

    private static string Time(long microseconds) => TimeSpan.FromMicroseconds(microseconds).ToString(microseconds % 1_000_000 == 0 ? @"hh\:mm\:ss" : @"hh\:mm\:ss\.ffffff", CultureInfo.InvariantCulture);
}
