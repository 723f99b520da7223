using System.Globalization;
using System.Text.Json.Nodes;
using DuckDB.NET.Data;
using Etl.LocalCloud.BigQuery.Catalog;
using Etl.LocalCloud.BigQuery.Jobs;
using Etl.LocalCloud.BigQuery.Load;
using Etl.LocalCloud.BigQuery.Types;
using Etl.LocalCloud.Faults.Effects;
using Etl.LocalCloud.Identity;

namespace Etl.LocalCloud.BigQuery.Query;

/// <summary>A query job. Its rows are kept in the warehouse under the job's id, to be read page by page.</summary>
internal sealed class QueryJob(TableCatalog catalog, Warehouse warehouse, SourceFiles sources)
{
    private const int LargestPage = 10_000;

    /// <summary>Translates and binds the query without running it.</summary>
    public void Check(string project, JsonObject query)
    {
        if (QueryReference.Of(project, query) is [{ Permission: "bigquery.tables.create" } created, ..])
        {
            catalog.RequireDataset(created.Table.Project, created.Table.Dataset);
            if (catalog.FindTable(created.Table) is not null) throw BigQueryRefusedException.Duplicate($"Already Exists: Table {created.Table}");
            return;
        }

        if (AlterTable.Parse(project, query) is { } alter) alter.Check(catalog);
        else Translator(project, query, ExternalTables.Names(query)).Translate(Text(query));
    }

    /// <summary>Runs it and returns its statistics.</summary>
    public async Task<JsonObject> RunAsync(string project, string id, JsonObject query, GoogleIdentity who, JobFailure? failure, CancellationToken cancel)
    {
        if (query["useLegacySql"]?.GetValue<bool>() == true) throw BigQueryRefusedException.InvalidQuery("The local BigQuery has no legacy SQL; set useLegacySql to false.");
        if (AlterTable.Parse(project, query) is { } alter) return await alter.RunAsync(catalog, warehouse, failure, cancel).ConfigureAwait(false);
        using var external = ExternalTables.Open(query, sources, who);
        var sql = Translator(project, query, external.Tables).Translate(Text(query));
        var first = SqlTokens.Split(Text(query)).FirstOrDefault(t => t.Kind != SqlTokenKind.Space && !t.IsSymbol("("));
        var reads = first.Is("SELECT") || first.Is("WITH");
        try
        {
            return await warehouse.UseAsync(
                open =>
                {
                    var statistics = new JsonObject { ["statementType"] = first.Text.ToUpperInvariant(), ["totalBytesProcessed"] = "0", ["cacheHit"] = false };
                    external.Create(open);
                    if (reads) Keep(open, project, id, sql);
                    else Change(open, first, sql, statistics);
                    external.Drop(open);
                    if (failure is not null) throw failure.Refusal();
                    if (!reads) FinishedJobs.Add(open, project, id, "query", statistics);
                    return statistics;
                },
                cancel).ConfigureAwait(false);
        }
        catch (DuckDBException e)
        {
            throw BigQueryRefusedException.InvalidQuery(e.Message);
        }
    }

    private static void Change(DuckDBConnection open, SqlToken verb, string sql, JsonObject statistics)
    {
        var (inserted, updated, deleted) = (0L, 0L, 0L);
        if (verb.Is("MERGE")) (inserted, updated, deleted) = MergeQuery.Run(open, sql);
        else if (Warehouse.Execute(open, sql) is var changed && verb.Is("INSERT")) inserted = changed;
        else if (verb.Is("UPDATE")) updated = changed;
        else if (verb.Is("DELETE") || verb.Is("TRUNCATE")) deleted = changed;
        else return;
        statistics["numDmlAffectedRows"] = Number(inserted + updated + deleted);
        statistics["dmlStats"] = MergeQuery.Statistics(inserted, updated, deleted);
    }

    /// <summary>A page of a finished query's rows.</summary>
    public Task<JsonObject> PageAsync(string project, string id, string? pageToken, long? maxResults, bool int64Timestamps, CancellationToken cancel) =>
        warehouse.UseAsync(
            open =>
            {
                var answer = new JsonObject { ["totalRows"] = "0" };
                if (Warehouse.Query(open, $"SELECT 1 FROM information_schema.tables WHERE table_schema = '_results' AND table_name = {Sql.Text(Result(project, id))}").Count == 0)
                {
                    answer["schema"] = new JsonObject { ["fields"] = new JsonArray() };
                    return answer;
                }

                var table = $"\"_results\".{Sql.Name(Result(project, id))}";
                var columns = Warehouse.Describe(open, $"SELECT * EXCLUDE (\"_row\") FROM {table}");
                var fields = columns.Select(c => new Field(c.Name, FieldTypes.OfDuckDb(c.Type, c.Name), false, null)).ToList();
                var total = Convert.ToInt64(Warehouse.Query(open, $"SELECT count(*) FROM {table}")[0][0], CultureInfo.InvariantCulture);
                var from = long.TryParse(pageToken, NumberStyles.None, CultureInfo.InvariantCulture, out var token) ? token : 0;
                var count = Math.Clamp(maxResults ?? LargestPage, 0, LargestPage);
                var rows = Warehouse.Query(open, $"SELECT {string.Join(", ", fields.Select(Readable))} FROM {table} WHERE \"_row\" >= {from} AND \"_row\" < {from + count} ORDER BY \"_row\"");
                answer["schema"] = Field.ToSchema(fields);
                answer["totalRows"] = Number(total);
                answer["rows"] = new JsonArray([.. rows.Select(row => ResultEncoder.Row(row, fields, int64Timestamps))]);
                if (from + count < total) answer["pageToken"] = Number(from + count);
                return answer;
            },
            cancel);

    private static long Keep(DuckDBConnection open, string project, string id, string sql)
    {
        Warehouse.Execute(open, "CREATE SCHEMA IF NOT EXISTS \"_results\"");
        return Warehouse.Execute(open, $"CREATE OR REPLACE TABLE \"_results\".{Sql.Name(Result(project, id))} AS SELECT *, (row_number() OVER ()) - 1 AS \"_row\" FROM ({sql}\n)");
    }

    private SqlTranslator Translator(string project, JsonObject query, IReadOnlyDictionary<string, string> external) =>
        new(catalog, query["defaultDataset"]?["projectId"]?.GetValue<string>() ?? project, query["defaultDataset"]?["datasetId"]?.GetValue<string>(), external, new QueryParameters(query));

    private static string Text(JsonObject query) => query["query"]?.GetValue<string>() is { Length: > 0 } sql ? sql : throw BigQueryRefusedException.Invalid("Required parameter is missing: query");

    // A decimal of 38 digits has no .NET type.
    private static string Readable(Field field) => field.Type is FieldType.Numeric or FieldType.BigNumeric ? $"{Sql.Name(field.Name)}::VARCHAR" : Sql.Name(field.Name);

    private static string Result(string project, string id) => $"{project}/{id}";

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
