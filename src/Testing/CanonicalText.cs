using System.Globalization;
using System.Text.RegularExpressions;
using Etl.Core.Schemas;

namespace Etl.Testing;

/// <summary>Values in one spelling, whichever way a database hands them out: as numbers, dates and texts of .NET, or as text of its own.</summary>
internal static partial class CanonicalText
{
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    [GeneratedRegex(@"(?<=:\d\d(\.\d+)?)[+-]\d\d$")]
    private static partial Regex HoursOnly { get; }

    /// <summary>The value's one spelling; null for a missing one.</summary>
    public static string? Of(ColumnType type, object? value) => value is null or DBNull ? null : type switch
    {
        ColumnType.Int64 => Convert.ToInt64(value, Invariant).ToString(Invariant),
        ColumnType.Float64 => Float(value is string text ? Parse(text) : Convert.ToDouble(value, Invariant)),
        ColumnType.Numeric or ColumnType.BigNumeric => Decimal(Convert.ToString(value, Invariant)!),
        ColumnType.Bool => (value is string text ? text.ToUpperInvariant() is "TRUE" or "T" or "1" : Convert.ToBoolean(value, Invariant)) ? "true" : "false",
        ColumnType.Date => Day(value).ToString("yyyy-MM-dd", Invariant),
        ColumnType.DateTime => (value as DateTime? ?? DateTime.Parse((string)value, Invariant)).ToString("yyyy-MM-dd HH:mm:ss.FFFFFF", Invariant),
        ColumnType.Timestamp => Instant(value).ToString("yyyy-MM-dd HH:mm:ss.FFFFFF'Z'", Invariant),
        ColumnType.Time => Time(value).ToString("HH:mm:ss.FFFFFF", Invariant),
        _ => (string)value,
    };

    private static double Parse(string text) => text.ToUpperInvariant() switch
    {
        "INF" or "+INF" or "INFINITY" => double.PositiveInfinity,
        "-INF" or "-INFINITY" => double.NegativeInfinity,
        _ => double.Parse(text, Invariant),
    };

    private static string Float(double number) => number.ToString("R", Invariant);

    private static string Decimal(string text)
    {
        var number = text.Contains('.', StringComparison.Ordinal) ? text.TrimEnd('0').TrimEnd('.') : text;
        return number is "-0" or "-" or "" ? "0" : number;
    }

    private static DateOnly Day(object value) => value switch
    {
        DateOnly day => day,
        DateTime day => DateOnly.FromDateTime(day),
        _ => DateOnly.Parse((string)value, Invariant),
    };

    private static TimeOnly Time(object value) => value switch
    {
        TimeOnly time => time,
        TimeSpan time => TimeOnly.FromTimeSpan(time),
        _ => TimeOnly.Parse((string)value, Invariant),
    };

    private static DateTimeOffset Instant(object value) => value switch
    {
        DateTimeOffset instant => instant.ToUniversalTime(),
        DateTime instant => new DateTimeOffset(DateTime.SpecifyKind(instant, DateTimeKind.Utc)),
        _ => DateTimeOffset.Parse(HoursOnly.Replace(((string)value).Replace(" UTC", "Z", StringComparison.Ordinal), "$0:00"), Invariant, DateTimeStyles.AssumeUniversal).ToUniversalTime(),
    };
}
