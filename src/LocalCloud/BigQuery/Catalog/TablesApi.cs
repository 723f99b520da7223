using System.Globalization;
using System.Text.Json.Nodes;
using Etl.LocalCloud.BigQuery.Types;

namespace Etl.LocalCloud.BigQuery.Catalog;

/// <summary>The <c>datasets</c> and <c>tables</c> resources (https://cloud.google.com/bigquery/docs/reference/rest/v2/tables).</summary>
internal sealed class TablesApi(TableCatalog catalog, Warehouse warehouse)
{
    public Task<JsonObject> ListDatasetsAsync(string project) => Task.FromResult(new JsonObject
    {
        ["kind"] = "bigquery#datasetList",
        ["datasets"] = new JsonArray([.. catalog.Datasets(project).Select(d => catalog.FindDataset(project, d))]),
    });

    public Task<JsonObject> InsertDatasetAsync(string project, JsonObject given) =>
        Task.FromResult(catalog.CreateDataset(project, given["datasetReference"]?["datasetId"]?.GetValue<string>() ?? "", given));

    public Task<JsonObject> GetDatasetAsync(string project, string dataset) => Task.FromResult(catalog.RequireDataset(project, dataset));

    public async Task<JsonObject> RemoveDatasetAsync(string project, string dataset, bool withTables, CancellationToken cancel)
    {
        if (catalog.FindDataset(project, dataset) is null) throw BigQueryRefusedException.NotFound($"Not found: Dataset {project}:{dataset}");
        if (!withTables && catalog.Tables(project, dataset).Count > 0) throw new BigQueryRefusedException(400, "resourceInUse", $"Dataset {project}:{dataset} is still in use");
        catalog.RemoveDataset(project, dataset);
        await warehouse.UseAsync(open => Warehouse.Execute(open, $"DROP SCHEMA IF EXISTS {TableName.Schema(project, dataset)} CASCADE"), cancel).ConfigureAwait(false);
        return [];
    }

    public Task<JsonObject> ListAsync(string project, string dataset)
    {
        catalog.RequireDataset(project, dataset);
        var tables = catalog.Tables(project, dataset).Select(t => catalog.FindTable(new TableName(project, dataset, t))).ToArray();
        return Task.FromResult(new JsonObject { ["kind"] = "bigquery#tableList", ["tables"] = new JsonArray([.. tables]), ["totalItems"] = tables.Length });
    }

    public async Task<JsonObject> InsertAsync(string project, string dataset, JsonObject given, CancellationToken cancel)
    {
        catalog.RequireDataset(project, dataset);
        var name = new TableName(project, dataset, given["tableReference"]?["tableId"]?.GetValue<string>() ?? throw BigQueryRefusedException.Invalid("Required parameter is missing: tableId"));
        if (catalog.FindTable(name) is not null) throw BigQueryRefusedException.Duplicate($"Already Exists: Table {name}");
        // The catalog last: a table that it tells of has to be there, also when who asked hung up meanwhile.
        JsonObject? saved = null;
        await warehouse.UseAsync(open => Create(open, name, Field.Parse(given["schema"])), _ => saved = catalog.Save(name, given), cancel).ConfigureAwait(false);
        return await WithCountsAsync(name, saved!, cancel).ConfigureAwait(false);
    }

    public Task<JsonObject> GetAsync(TableName name, CancellationToken cancel) => WithCountsAsync(name, catalog.RequireTable(name), cancel);

    public async Task<JsonObject> PatchAsync(TableName name, JsonObject given, CancellationToken cancel)
    {
        var table = catalog.RequireTable(name).DeepClone().AsObject();
        var before = TableCatalog.Fields(table);
        foreach (var (key, value) in given) table[key] = value?.DeepClone();
        if (given["schema"] is not null)
        {
            var after = Field.Parse(given["schema"]);
            CheckChange(name, before, after);
            await warehouse.UseAsync(open => AddColumns(open, name, before, after), cancel).ConfigureAwait(false);
        }

        return await WithCountsAsync(name, catalog.Save(name, table), cancel).ConfigureAwait(false);
    }

    public async Task<JsonObject> RemoveAsync(TableName name, CancellationToken cancel)
    {
        catalog.RequireTable(name);
        // The catalog first; what stays in the warehouse nobody sees, and the next table of that name is written over it.
        catalog.Remove(name);
        await warehouse.UseAsync(open => Warehouse.Execute(open, $"DROP TABLE IF EXISTS {name.DuckDb}"), cancel).ConfigureAwait(false);
        return [];
    }

    /// <summary>Makes the table in the warehouse. REQUIRED is kept by the loads, so that it can be relaxed.</summary>
    public static long Create(DuckDB.NET.Data.DuckDBConnection open, TableName name, IReadOnlyList<Field> fields)
    {
        Warehouse.Execute(open, $"CREATE SCHEMA IF NOT EXISTS {TableName.Schema(name.Project, name.Dataset)}");
        // DuckDB has no table without a column; one that nobody sees stands in until the first is added.
        var columns = fields.Count == 0 ? "\"_etl_none\" BOOLEAN" : string.Join(", ", fields.Select(f => $"{Sql.Name(f.Name)} {f.Type.DuckDb()}"));
        // What an expired table left is written over.
        return Warehouse.Execute(open, $"CREATE OR REPLACE TABLE {name.DuckDb} ({columns})");
    }

    /// <summary>Adds the columns that are new. A process that was stopped may have left the catalog ahead of the warehouse, so that each is looked for there.</summary>
    public static long AddColumns(DuckDB.NET.Data.DuckDBConnection open, TableName name, IReadOnlyList<Field> before, IReadOnlyList<Field> after)
    {
        var added = after.Where(a => !before.Any(b => b.Name.Equals(a.Name, StringComparison.OrdinalIgnoreCase))).ToList();
        foreach (var field in after) Warehouse.Execute(open, $"ALTER TABLE {name.DuckDb} ADD COLUMN IF NOT EXISTS {Sql.Name(field.Name)} {field.Type.DuckDb()}");
        if (before.Count == 0 && added.Count > 0) Warehouse.Execute(open, $"ALTER TABLE {name.DuckDb} DROP COLUMN IF EXISTS \"_etl_none\"");
        return added.Count;
    }

    /// <summary>What may change in a schema: NULLABLE columns may come, REQUIRED ones may become NULLABLE.</summary>
    public static void CheckChange(TableName name, IReadOnlyList<Field> before, IReadOnlyList<Field> after, bool mayAdd = true, bool mayRelax = true)
    {
        string Refused(string why) => $"Provided Schema does not match Table {name}. {why}";
        foreach (var old in before)
        {
            var now = after.FirstOrDefault(a => a.Name.Equals(old.Name, StringComparison.OrdinalIgnoreCase)) ?? throw BigQueryRefusedException.Invalid(Refused($"Field {old.Name} is missing in new schema"));
            if (now.Type != old.Type) throw BigQueryRefusedException.Invalid(Refused($"Field {old.Name} has changed type from {old.Type.ApiName()} to {now.Type.ApiName()}"));
            if (now.Required != old.Required && (now.Required || !mayRelax)) throw BigQueryRefusedException.Invalid(Refused($"Field {old.Name} has changed mode from {(old.Required ? "REQUIRED" : "NULLABLE")} to {(now.Required ? "REQUIRED" : "NULLABLE")}"));
        }

        foreach (var added in after.Where(a => !before.Any(b => b.Name.Equals(a.Name, StringComparison.OrdinalIgnoreCase))))
            if (!mayAdd) throw BigQueryRefusedException.Invalid(Refused($"Cannot add fields (field: {added.Name})"));
            else if (added.Required) throw BigQueryRefusedException.Invalid(Refused($"Cannot add required fields to an existing schema. (field: {added.Name})"));
    }

    private async Task<JsonObject> WithCountsAsync(TableName name, JsonObject table, CancellationToken cancel)
    {
        var rows = await warehouse.UseAsync(open => Convert.ToInt64(Warehouse.Query(open, $"SELECT count(*) FROM {name.DuckDb}")[0][0], CultureInfo.InvariantCulture), cancel).ConfigureAwait(false);
        var answer = table.DeepClone().AsObject();
        answer["numRows"] = rows.ToString(CultureInfo.InvariantCulture);
        // Eight bytes a value: what the fixed-size types cost in BigQuery.
        answer["numBytes"] = (rows * 8 * TableCatalog.Fields(table).Count).ToString(CultureInfo.InvariantCulture);
        return answer;
    }
}
