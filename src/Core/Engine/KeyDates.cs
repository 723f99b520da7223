using System.Globalization;
using System.Text.RegularExpressions;

namespace Etl.Core.Engine;

/// <summary>The day or month that an object's address names: <c>2026-11-25</c>, <c>2026/11/25</c>, <c>20261125</c>, <c>year=2026/month=11/day=25</c>, or without the day. The first that is a date counts.</summary>
public static partial class KeyDates
{
    // Neither a longer number nor part of one, but for a time right behind. The day has the month's separator: in 2026-11/01-tokyo.csv, 01 is no day.
    [GeneratedRegex(@"(?<![0-9])(?<y>(19|20)[0-9]{2})((?<m>[01][0-9])(?<d>[0-3][0-9])([0-2][0-9][0-5][0-9]([0-5][0-9])?)?|(?<s>[-_./])(month=|m=)?(?<m>[01]?[0-9])(\k<s>(day=|d=)?(?<d>[0-3]?[0-9])(?![0-9]))?)(?![0-9])", RegexOptions.ExplicitCapture)]
    private static partial Regex Date { get; }

    /// <summary>The first and the last day it names; null when it names none.</summary>
    public static (DateOnly First, DateOnly Last)? Of(string uri)
    {
        foreach (var match in Date.Matches(uri).Cast<Match>())
        {
            var (year, month) = (Number(match, "y"), Number(match, "m"));
            if (month is < 1 or > 12) continue;
            if (!match.Groups["d"].Success) return (new DateOnly(year, month, 1), new DateOnly(year, month, DateTime.DaysInMonth(year, month)));
            if (Number(match, "d") is var day && day >= 1 && day <= DateTime.DaysInMonth(year, month)) return (new DateOnly(year, month, day), new DateOnly(year, month, day));
        }

        return null;
    }

    private static int Number(Match match, string group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);
}
