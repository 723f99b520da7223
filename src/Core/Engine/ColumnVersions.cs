using System.Globalization;
using Etl.Core.Contracts;

namespace Etl.Core.Engine;

/// <summary>The names under which a table keeps one column of the data whose type changed in a way that the table's could not: <c>amount</c>, <c>amount__v2</c>, <c>amount__v3</c> …</summary>
internal static class ColumnVersions
{
    // BigQuery's limit: https://cloud.google.com/bigquery/docs/schemas#column_names
    private const int LongestName = 300;
    private const string Mark = "__v";

    /// <summary>The name of a version; the first is the column's own.</summary>
    public static string NameOf(string column, int version)
    {
        if (version == 1) return column;
        var suffix = Mark + version.ToString(CultureInfo.InvariantCulture);
        return column[..Math.Min(column.Length, LongestName - suffix.Length)] + suffix;
    }

    /// <summary>The versions of a column that any of the tables has, newest first.</summary>
    /// <param name="column">The column.</param>
    /// <param name="tables">The tables.</param>
    /// <param name="taken">Names that the data itself has: they are columns of their own.</param>
    public static IReadOnlyList<int> Of(string column, IReadOnlyList<TargetTable> tables, IReadOnlySet<string> taken)
    {
        var found = new SortedSet<int>();
        foreach (var name in tables.SelectMany(t => t.Columns ?? []).Select(c => c.Name))
            if (VersionOf(name, column) is { } version && (version == 1 || !taken.Contains(name))) found.Add(version);
        return [.. found.Reverse()];
    }

    /// <summary>Which version of <paramref name="column"/> is called <paramref name="name"/>; null when it is none.</summary>
    public static int? VersionOf(string name, string column)
    {
        if (string.Equals(name, column, StringComparison.OrdinalIgnoreCase)) return 1;
        var at = name.LastIndexOf(Mark, StringComparison.OrdinalIgnoreCase);
        return at > 0 && int.TryParse(name.AsSpan(at + Mark.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var version) && version > 1
            && string.Equals(name, NameOf(column, version), StringComparison.OrdinalIgnoreCase) ? version : null;
    }
}
