using System.Text.Json.Nodes;

namespace Etl.LocalCloud.BigQuery;

/// <summary>A table's full name.</summary>
internal sealed record TableName(string Project, string Dataset, string Table)
{
    /// <summary>As messages write it.</summary>
    public override string ToString() => $"{Project}:{Dataset}.{Table}";

    /// <summary>The DuckDB schema of the dataset, quoted.</summary>
    public static string Schema(string project, string dataset) => Sql.Name($"{project}:{dataset}");

    /// <summary>The DuckDB table, quoted.</summary>
    public string DuckDb => $"{Schema(Project, Dataset)}.{Sql.Name(Table)}";

    /// <summary>The partition that a <c>tableReference</c> names behind a dollar sign, or null (https://cloud.google.com/bigquery/docs/partitioned-tables#partition_decorators).</summary>
    public static string? PartitionOf(JsonNode? reference) => reference?["tableId"]?.GetValue<string>().Split('$') is [_, var partition] ? partition : null;

    /// <summary>A <c>tableReference</c>, without the partition it may name.</summary>
    public static TableName Parse(JsonNode? reference, string project) => new(
        reference?["projectId"]?.GetValue<string>() ?? project,
        reference?["datasetId"]?.GetValue<string>() ?? throw BigQueryRefusedException.Invalid("Required parameter is missing: datasetId"),
        reference["tableId"]?.GetValue<string>().Split('$')[0] ?? throw BigQueryRefusedException.Invalid("Required parameter is missing: tableId"));

    /// <summary>The <c>tableReference</c>.</summary>
    public JsonObject ToJson() => new() { ["projectId"] = Project, ["datasetId"] = Dataset, ["tableId"] = Table };
}
