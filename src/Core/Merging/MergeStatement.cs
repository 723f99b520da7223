using System.Globalization;
using System.Text;
using Etl.Core.Contracts;
using Etl.Core.Schemas;

namespace Etl.Core.Merging;

/// <summary>
/// The one statement that merges a run's rows into a table by key (https://cloud.google.com/bigquery/docs/reference/standard-sql/dml-syntax#merge_statement; DuckDB's is the
/// same). Of rows with one key the latest counts; one that is older than the table's changes nothing.
/// </summary>
public static class MergeStatement
{
    /// <summary>Writes it. The options were checked by <see cref="MergeCheck"/>, and no key is null: the engine sees to that.</summary>
    /// <param name="sql">How the warehouse writes names and texts.</param>
    /// <param name="target">The table, quoted.</param>
    /// <param name="source">What holds the run's rows, quoted or in brackets.</param>
    /// <param name="schema">The run's columns.</param>
    /// <param name="options">Key, latest_by and hard_delete.</param>
    public static string Write(SqlDialect sql, string target, string source, TableSchema schema, IMerging options)
    {
        ArgumentNullException.ThrowIfNull(sql);
        ArgumentNullException.ThrowIfNull(schema);
        ArgumentNullException.ThrowIfNull(options);
        List<string> key = [.. options.Key.Select(sql.Name)];
        var names = schema.Columns.Select(c => sql.Name(c.Name)).ToList();
        var values = schema.Columns.Where(c => !options.Key.Contains(c.Name, StringComparer.OrdinalIgnoreCase)).Select(c => sql.Name(c.Name)).ToList();
        var newer = options.LatestBy is null ? "" : $" AND (t.{sql.Name(options.LatestBy)} IS NULL OR s.{sql.Name(options.LatestBy)} >= t.{sql.Name(options.LatestBy)})";
        var deleted = options.HardDelete is null ? null : Deleted(sql, schema, options.HardDelete);

        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"MERGE INTO {target} AS t\nUSING ({OneEach(sql, source, key, values, options.LatestBy)}) AS s\nON {string.Join(" AND ", key.Select(k => $"t.{k} = s.{k}"))}\n");
        if (deleted is not null) text.Append(CultureInfo.InvariantCulture, $"WHEN MATCHED{newer} AND {deleted} THEN DELETE\n");
        if (values.Count > 0) text.Append(CultureInfo.InvariantCulture, $"WHEN MATCHED{newer} THEN UPDATE SET {string.Join(", ", values.Select(v => $"{v} = s.{v}"))}\n");
        text.Append(CultureInfo.InvariantCulture, $"WHEN NOT MATCHED BY TARGET{(deleted is null ? "" : $" AND NOT {deleted}")} THEN INSERT ({string.Join(", ", names)}) VALUES ({string.Join(", ", names.Select(n => "s." + n))})");
        return text.ToString();
    }

    // Rows that are equally late are told apart by their values, so that the same rows always give the same table.
    private static string OneEach(SqlDialect sql, string source, List<string> key, List<string> values, string? latestBy)
    {
        var partition = $"PARTITION BY {string.Join(", ", key)}";
        var only = latestBy is null
            ? $"IF(COUNT(*) OVER ({partition}) > 1, ERROR({sql.Text("a key comes more than once in this run, and nothing says which row wins: set latest_by to the column by which the latest is known")}), TRUE)"
            : $"ROW_NUMBER() OVER ({partition} ORDER BY {sql.Name(latestBy)} DESC NULLS LAST{string.Concat(values.Where(v => v != sql.Name(latestBy)).Select(v => $", {v} DESC NULLS LAST"))}) = 1";
        return $"SELECT * FROM {source} WHERE TRUE QUALIFY {only}";
    }

    private static string Deleted(SqlDialect sql, TableSchema schema, HardDeleteOptions options)
    {
        var column = "s." + sql.Name(options.Column);
        return schema.Columns[schema.IndexOf(options.Column)].Type switch
        {
            ColumnType.Bool => $"COALESCE({column}, FALSE)",
            ColumnType.String => $"COALESCE({column} IN ({string.Join(", ", options.Values.Select(sql.Text))}), FALSE)",
            ColumnType.Int64 => $"COALESCE({column} IN ({string.Join(", ", options.Values.Select(v => long.Parse(v, CultureInfo.InvariantCulture)))}), FALSE)",
            _ => $"({column} IS NOT NULL)",
        };
    }
}
