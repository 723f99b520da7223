using System.Text.Json.Nodes;
using DuckDB.NET.Data;

namespace Etl.LocalCloud.BigQuery.Jobs;

/// <summary>The jobs that changed rows and are done, kept beside the rows: what became of a job is known even when its process died before it could say so.</summary>
internal static class FinishedJobs
{
    /// <summary>Notes a job, inside its own transaction.</summary>
    /// <param name="open">The database.</param>
    /// <param name="project">The job's project.</param>
    /// <param name="id">Its id.</param>
    /// <param name="kind">Where its statistics belong: <c>load</c> or <c>query</c>.</param>
    /// <param name="statistics">What it did.</param>
    public static void Add(DuckDBConnection open, string project, string id, string kind, JsonObject statistics)
    {
        Prepare(open);
        Warehouse.Execute(open, $"INSERT INTO \"_jobs\".\"finished\" VALUES ({Sql.Text($"{project}/{id}")}, {Sql.Text(kind)}, {Sql.Text(statistics.ToJsonString())})");
    }

    /// <summary>The kind and the statistics of a job that was done, or null.</summary>
    public static (string Kind, JsonObject Statistics)? Find(DuckDBConnection open, string project, string id)
    {
        Prepare(open);
        return Warehouse.Query(open, $"SELECT kind, statistics FROM \"_jobs\".\"finished\" WHERE job = {Sql.Text($"{project}/{id}")}") is [var row, ..] ? ((string)row[0]!, JsonNode.Parse((string)row[1]!)!.AsObject()) : null;
    }

    private static void Prepare(DuckDBConnection open)
    {
        Warehouse.Execute(open, "CREATE SCHEMA IF NOT EXISTS \"_jobs\"");
        Warehouse.Execute(open, "CREATE TABLE IF NOT EXISTS \"_jobs\".\"finished\" (job VARCHAR, kind VARCHAR, statistics VARCHAR)");
    }
}
