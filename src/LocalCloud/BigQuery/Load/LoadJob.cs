using System.Globalization;
using System.Text.Json.Nodes;
using DuckDB.NET.Data;
using Etl.LocalCloud.BigQuery.Catalog;
using Etl.LocalCloud.BigQuery.Jobs;
using Etl.LocalCloud.BigQuery.Types;
using Etl.LocalCloud.Faults.Effects;
using Etl.LocalCloud.Identity;

namespace Etl.LocalCloud.BigQuery.Load;

/// <summary>A load job: all its files in one transaction, or nothing (https://cloud.google.com/bigquery/docs/reference/rest/v2/Job#JobConfigurationLoad).</summary>
internal sealed class LoadJob(TableCatalog catalog, Warehouse warehouse, SourceFiles sources)
{
    /// <summary>Runs it and returns its statistics, which are noted in the same transaction as the rows.</summary>
    public async Task<JsonObject> RunAsync(string project, string id, JsonObject load, GoogleIdentity who, JobFailure? failure, CancellationToken cancel)
    {
        var name = TableName.Parse(load["destinationTable"], project);
        catalog.RequireDataset(name.Project, name.Dataset);
        var files = sources.Find(load, who);
        using var rows = LoadRows.Open(load, files);
        return await warehouse.UseAsync(
            open =>
            {
                var (resource, count, bad) = Load(open, name, load, rows, failure);
                var statistics = new JsonObject
                {
                    ["inputFiles"] = Number(files.Count),
                    ["inputFileBytes"] = Number(files.Sum(f => f.Length)),
                    ["outputRows"] = Number(count),
                    ["outputBytes"] = Number(count * 8 * TableCatalog.Fields(resource).Count),
                    ["badRecords"] = Number(bad),
                };
                FinishedJobs.Add(open, project, id, "load", statistics);
                return statistics;
            },
            cancel).ConfigureAwait(false);
    }

    // Looks at the table only when it has the warehouse to itself: of two first loads into one table, the second finds it.
    private (JsonObject Resource, long Rows, long Bad) Load(DuckDBConnection open, TableName name, JsonObject load, LoadRows rows, JobFailure? failure)
    {
        var table = catalog.FindTable(name);
        if (table is null && Text(load, "createDisposition") == "CREATE_NEVER") throw BigQueryRefusedException.NotFound($"Not found: Table {name}");
        var existing = table is null ? null : TableCatalog.Fields(table);
        var write = Text(load, "writeDisposition") is { Length: > 0 } disposition ? disposition : "WRITE_APPEND";
        var given = load["schema"]?["fields"] is JsonArray { Count: > 0 } ? Field.Parse(load["schema"]) : null;
        var fields = given ?? (existing is { Count: > 0 } ? existing : rows.Detect(open, load["autodetect"]?.GetValue<bool>() == true));
        var resource = table?.DeepClone().AsObject() ?? NewTable(load);
        resource["schema"] ??= Field.ToSchema(fields);
        var partition = TableName.PartitionOf(load["destinationTable"]) is { } id ? Partition.Condition(resource, id) : null;
        var replaces = write == "WRITE_TRUNCATE" && partition is null && (existing is null || given is not null);
        if (existing is not null && write == "WRITE_EMPTY" && Convert.ToInt64(Warehouse.Query(open, $"SELECT count(*) FROM {name.DuckDb}")[0][0], CultureInfo.InvariantCulture) > 0)
            throw BigQueryRefusedException.Duplicate($"Already Exists: Table {name}");
        if (existing is null || replaces)
        {
            Warehouse.Execute(open, $"DROP TABLE IF EXISTS {name.DuckDb}");
            TablesApi.Create(open, name, fields);
        }
        else
        {
            fields = Evolve(open, name, existing, fields, load);
            if (write == "WRITE_TRUNCATE") Warehouse.Execute(open, $"DELETE FROM {name.DuckDb}{(partition is null ? "" : $" WHERE {partition}")}");
        }

        resource["schema"] = Field.ToSchema(fields);
        var outside = partition is null ? 0 : Outside(open, name, partition);
        // The files are as the job says, in its order; the table has the modes.
        var columns = given is null ? fields : [.. given.Select(g => fields.First(f => f.Name.Equals(g.Name, StringComparison.OrdinalIgnoreCase)))];
        if (fields.FirstOrDefault(f => f.Required && !columns.Contains(f)) is { } lacking) throw BigQueryRefusedException.Invalid($"Provided Schema does not match Table {name}. Field {lacking.Name} is missing in new schema");
        var (count, bad) = rows.Insert(open, name.DuckDb, columns);
        if (partition is not null && Outside(open, name, partition) > outside)
            throw BigQueryRefusedException.Invalid($"Some rows belong to different partitions rather than destination partition {TableName.PartitionOf(load["destinationTable"])}");
        if (failure is not null) throw failure.Refusal();
        // The resource first: a table in the warehouse that the catalog does not know would be lost, the other way round it is only empty.
        return (catalog.Save(name, resource), count, bad);
    }

    private static long Outside(DuckDBConnection open, TableName name, string partition) =>
        Convert.ToInt64(Warehouse.Query(open, $"SELECT count(*) FROM {name.DuckDb} WHERE NOT {partition}")[0][0], CultureInfo.InvariantCulture);

    private static IReadOnlyList<Field> Evolve(DuckDBConnection open, TableName name, IReadOnlyList<Field> existing, IReadOnlyList<Field> given, JsonObject load)
    {
        var options = (load["schemaUpdateOptions"] as JsonArray ?? []).Select(o => o?.GetValue<string>()).ToList();
        var merged = existing.Select(old => given.FirstOrDefault(g => g.Name.Equals(old.Name, StringComparison.OrdinalIgnoreCase)) is { } now ? old with { Type = now.Type, Required = now.Required } : old)
            .Concat(given.Where(g => !existing.Any(old => old.Name.Equals(g.Name, StringComparison.OrdinalIgnoreCase)))).ToList();
        TablesApi.CheckChange(name, existing, merged, options.Contains("ALLOW_FIELD_ADDITION"), options.Contains("ALLOW_FIELD_RELAXATION"));
        TablesApi.AddColumns(open, name, existing, merged);
        return merged;
    }

    private static JsonObject NewTable(JsonObject load)
    {
        var table = new JsonObject();
        foreach (var key in new[] { "timePartitioning", "clustering" })
            if (load[key] is { } layout)
                table[key] = layout.DeepClone();
        foreach (var key in new[] { "labels", "description", "friendlyName" })
            if (load["destinationTableProperties"]?[key] is { } property)
                table[key] = property.DeepClone();
        return table;
    }

    private static string Text(JsonObject load, string key) => load[key]?.GetValue<string>() ?? "";

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
