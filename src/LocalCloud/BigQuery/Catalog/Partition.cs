using System.Globalization;
using System.Text.Json.Nodes;
using Etl.LocalCloud.BigQuery.Types;

namespace Etl.LocalCloud.BigQuery.Catalog;

/// <summary>One partition of a table that is partitioned by a column.</summary>
internal static class Partition
{
    private const string NullPartition = "__NULL__";

    /// <summary>DuckDB's condition that a row is of the partition.</summary>
    /// <param name="table">The table's resource.</param>
    /// <param name="id">The partition's id, such as 20261125.</param>
    public static string Condition(JsonObject table, string id)
    {
        var partitioning = table["timePartitioning"] as JsonObject ?? throw BigQueryRefusedException.Invalid($"Cannot use partition decorator ${id}: the table is not partitioned.");
        if (partitioning["field"]?.GetValue<string>() is not { } name) throw BigQueryRefusedException.Invalid("The local BigQuery has partition decorators only for tables that are partitioned by a column.");
        var field = TableCatalog.Fields(table).First(f => f.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        var column = Sql.Name(field.Name);
        if (id == NullPartition) return $"({column} IS NULL)";
        var (format, next) = partitioning["type"]!.GetValue<string>() switch
        {
            "HOUR" => ("yyyyMMddHH", (Func<DateTime, DateTime>)(t => t.AddHours(1))),
            "MONTH" => ("yyyyMM", t => t.AddMonths(1)),
            "YEAR" => ("yyyy", t => t.AddYears(1)),
            _ => ("yyyyMMdd", t => t.AddDays(1)),
        };
        if (!DateTime.TryParseExact(id, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var start))
            throw BigQueryRefusedException.Invalid($"Invalid partition decorator ${id}: the table is partitioned by {partitioning["type"]}.");
        string Literal(DateTime time) => $"{field.Type.DuckDb()} '{time.ToString(field.Type == FieldType.Date ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)}'";
        return $"({column} IS NOT NULL AND {column} >= {Literal(start)} AND {column} < {Literal(next(start))})";
    }
}
