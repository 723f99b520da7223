using System.Text.Json.Nodes;
using DuckDB.NET.Data;

namespace Etl.LocalCloud.BigQuery.Load;

/// <summary>The loads that are done, kept beside the rows they loaded: what became of a job is known even when its process died before it could say so.</summary>
internal static class FinishedLoads
{
    /// <summary>Notes a load, inside its own transaction.</summary>
    public static void Add(DuckDBConnection open, string project, string id, JsonObject statistics)
    {
        Prepare(open);
        Warehouse.Execute(open, $"INSERT INTO \"_jobs\".\"loads\" VALUES ({Sql.Text($"{project}/{id}")}, {Sql.Text(statistics.ToJsonString())})");
    }

    /// <summary>The statistics of a load that was done, or null.</summary>
    public static JsonObject? Find(DuckDBConnection open, string project, string id)
    {
        Prepare(open);
        return Warehouse.Query(open, $"SELECT statistics FROM \"_jobs\".\"loads\" WHERE job = {Sql.Text($"{project}/{id}")}") is [var row, ..] ? JsonNode.Parse((string)row[0]!)!.AsObject() : null;
    }

    private static void Prepare(DuckDBConnection open)
    {
        Warehouse.Execute(open, "CREATE SCHEMA IF NOT EXISTS \"_jobs\"");
        Warehouse.Execute(open, "CREATE TABLE IF NOT EXISTS \"_jobs\".\"loads\" (job VARCHAR, statistics VARCHAR)");
    }
}
