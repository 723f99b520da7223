using System.Globalization;
using System.Text;

namespace Etl.Bench.Comparing;

/// <summary>Writes outcomes as Markdown.</summary>
internal static class Report
{
    /// <summary>The head of a section's table: a column a contestant, then how many times faster (or smaller) ours is than each peer.</summary>
    public static string Head(Section section, IReadOnlyList<string> names)
    {
        var text = new StringBuilder();
        var ratios = section.Name == "profile" ? [] : names.Skip(1).Where(n => !n.StartsWith("Etl", StringComparison.Ordinal)).Select(n => section.Shows == Shows.Size ? $"{n} ÷ Etl" : $"Etl ÷ {n}");
        text.AppendLine(CultureInfo.InvariantCulture, $"### {section.Title}").AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"Goal: {section.Goal}.").AppendLine();
        string[] columns = ["", .. names.Select(n => $"{n}{Unit(section.Shows)}"), .. ratios];
        text.Append("| ").AppendJoin(" | ", columns).AppendLine(" |");
        text.Append("|---|").Insert(text.Length, "---:|", columns.Length - 1);
        return text.ToString();
    }

    /// <summary>One row.</summary>
    public static string Row(Section section, Comparison comparison, IReadOnlyList<Outcome> outcomes)
    {
        var ours = outcomes[0];
        var ratios = section.Name == "profile" ? [] : outcomes.Skip(1).Where(o => !o.Name.StartsWith("Etl", StringComparison.Ordinal))
            .Select(o => Number(section.Shows == Shows.Size ? (double)o.OutputBytes / ours.OutputBytes : o.Seconds / ours.Seconds, 2));
        return $"| {string.Join(" | ", [comparison.Subject, .. outcomes.Select(o => Cell(section.Shows, comparison, o)), .. ratios])} |";
    }

    private static string Unit(Shows shows) => shows switch
    {
        Shows.Speed => " MB/s",
        Shows.Seconds => " s",
        Shows.Size => " MB",
        Shows.Seconds | Shows.Peak => " s, peak MB",
        _ => " MB/s, peak MB",
    };

    private static string Cell(Shows shows, Comparison comparison, Outcome outcome)
    {
        var parts = new List<string>();
        if (shows.HasFlag(Shows.Speed))
            parts.Add(Number(comparison.Bytes / 1e6 / outcome.Seconds, 0));
        if (shows.HasFlag(Shows.Seconds))
            parts.Add(Number(outcome.Seconds, outcome.Seconds < 1 ? 3 : 2));
        if (shows.HasFlag(Shows.Peak))
            parts.Add(Number(outcome.PeakBytes / 1e6, 0));
        if (shows.HasFlag(Shows.Size))
            parts.Add(Number(outcome.OutputBytes / 1e6, 1));
        return string.Join(", ", parts);
    }

    private static string Number(double value, int decimals) => value.ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
