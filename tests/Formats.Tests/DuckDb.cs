using DuckDB.NET.Data;

namespace Etl.Formats.Tests;

/// <summary>Reads staged files back by another implementation.</summary>
internal static class DuckDb
{
    /// <summary>All rows, every value cast to text in UTC.</summary>
    public static List<string?[]> Rows(string sql)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SET TimeZone='UTC'";
        command.ExecuteNonQuery();
        command.CommandText = $"SELECT COLUMNS(*)::VARCHAR FROM ({sql})";
        using var reader = command.ExecuteReader();
        var rows = new List<string?[]>();
        while (reader.Read())
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? null : reader.GetString(i))]);
        return rows;
    }
}
