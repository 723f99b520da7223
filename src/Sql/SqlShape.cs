using System.Text.Json;
using Etl.Core.Errors;

namespace Etl.Sql;

/// <summary>Judges a query's plan: rows come in batches, in any order, on several machines, so a query must need one row at a time.</summary>
internal static class SqlShape
{
    private static readonly HashSet<string> OneRowAtATime = ["PROJECTION", "FILTER", "ARROW_SCAN", "EMPTY_RESULT", "COLUMN_DATA_SCAN", "DUMMY_SCAN"];

    /// <summary>Looks at the physical plan that <c>EXPLAIN (FORMAT json)</c> gives.</summary>
    /// <exception cref="DataException">It needs more than a row at a time.</exception>
    public static void Check(string transform, string plan)
    {
        using var document = JsonDocument.Parse(plan);
        var scans = 0;
        foreach (var node in document.RootElement.EnumerateArray())
            Check(transform, node, ref scans);
        if (scans > 1)
            throw Refused(transform, "reads input more than once");
    }

    private static void Check(string transform, JsonElement node, ref int scans)
    {
        var name = node.GetProperty("name").GetString()!.Trim();
        var children = node.TryGetProperty("children", out var some) ? some.EnumerateArray().ToList() : [];
        scans += name == "ARROW_SCAN" ? 1 : 0;
        if (!OneRowAtATime.Contains(name) && !IsListOfConstants(name, children))
            throw Refused(transform, Describe(name));
        foreach (var child in children)
            Check(transform, child, ref scans);
    }

    // A long IN (…) is joined with its list.
    private static bool IsListOfConstants(string name, List<JsonElement> children) =>
        name == "HASH_JOIN" && children.Exists(c => c.GetProperty("name").GetString()!.Trim() == "COLUMN_DATA_SCAN");

    private static string Describe(string name) => name switch
    {
        _ when name.Contains("GROUP_BY", StringComparison.Ordinal) || name.Contains("AGGREGATE", StringComparison.Ordinal) => "aggregates or removes duplicates",
        _ when name.Contains("WINDOW", StringComparison.Ordinal) => "uses a window function",
        "ORDER_BY" or "TOP_N" => "sorts",
        _ when name.Contains("LIMIT", StringComparison.Ordinal) || name.Contains("SAMPLE", StringComparison.Ordinal) => "takes some of the rows",
        _ when name.Contains("JOIN", StringComparison.Ordinal) || name == "CROSS_PRODUCT" => "joins",
        "UNNEST" => "makes several rows of one",
        "UNION" => "puts rows together",
        _ => $"needs {name}",
    };

    private static DataException Refused(string transform, string what) =>
        new($"{transform}: the query {what}, and rows come here some at a time, in any order and on several machines. It may compute, rename, cast and filter; for the rest query the table after the load.");
}
