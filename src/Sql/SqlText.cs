namespace Etl.Sql;

/// <summary>Pieces of SQL text.</summary>
internal static class SqlText
{
    /// <summary>An identifier, whatever is in it.</summary>
    public static string Name(string identifier) => $"\"{identifier.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
