using DuckDB.NET.Data;

namespace Etl.EndToEnd.Tests;

/// <summary>DuckDB, asked by a test itself: what a run left behind, or to write a file.</summary>
internal static class DuckFile
{
    /// <summary>The first value of what <paramref name="sql"/> gives, as text.</summary>
    /// <param name="sql">The statement.</param>
    /// <param name="database">The database's file; none when left out.</param>
    public static string Ask(string sql, string database = ":memory:")
    {
        using var connection = new DuckDBConnection($"DataSource={database}");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToString(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture)!;
    }
}
