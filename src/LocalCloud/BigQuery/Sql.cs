namespace Etl.LocalCloud.BigQuery;

/// <summary>Names and texts, quoted for DuckDB.</summary>
internal static class Sql
{
    /// <summary>An identifier.</summary>
    public static string Name(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>A string literal.</summary>
    public static string Text(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>A list of string literals.</summary>
    public static string List(IEnumerable<string> texts) => $"[{string.Join(", ", texts.Select(Text))}]";
}
