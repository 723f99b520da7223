using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Etl.Core.Pipelines;

/// <summary>A span of time as people write it: <c>90s</c>, <c>10m</c>, <c>1h30m</c>, <c>7d</c>.</summary>
/// <param name="Value">The span, not negative.</param>
[Description("a duration such as 90s, 10m, 1h30m or 7d")]
public readonly partial record struct Duration(TimeSpan Value) : IParsable<Duration>
{
    [GeneratedRegex(@"\A(?:(?<d>\d{1,5})d)?(?:(?<h>\d{1,5})h)?(?:(?<m>\d{1,6})m)?(?:(?<s>\d{1,8})s)?\z")]
    private static partial Regex Form { get; }

    /// <summary>Whole days.</summary>
    public static Duration FromDays(int days) => new(TimeSpan.FromDays(days));

    /// <inheritdoc/>
    public static Duration Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var duration) ? duration : throw new FormatException("Expected a duration such as 90s, 10m, 1h30m or 7d.");

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Duration result)
    {
        result = default;
        if (string.IsNullOrEmpty(s) || Form.Match(s) is not { Success: true } match) return false;
        int Of(string unit) => match.Groups[unit] is { Success: true } group ? int.Parse(group.ValueSpan, CultureInfo.InvariantCulture) : 0;
        result = new Duration(new TimeSpan(Of("d"), Of("h"), Of("m"), Of("s")));
        return true;
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{(Value.Days > 0 ? $"{Value.Days}d" : "")}{(Value.Hours > 0 ? $"{Value.Hours}h" : "")}{(Value.Minutes > 0 ? $"{Value.Minutes}m" : "")}{(Value.Seconds > 0 ? $"{Value.Seconds}s" : "")}");
        return text.Length > 0 ? text : "0s";
    }
}
