using System.Text.Json.Nodes;
using DuckDB.NET.Data;
using Etl.LocalCloud.BigQuery.Load;
using Etl.LocalCloud.BigQuery.Types;
using Etl.LocalCloud.Identity;

namespace Etl.LocalCloud.BigQuery.Query;

/// <summary>The tables that a query defines itself, over files (<c>tableDefinitions</c>, https://cloud.google.com/bigquery/docs/reference/rest/v2/tables#ExternalDataConfiguration). They are there while the query runs.</summary>
internal sealed class ExternalTables : IDisposable
{
    private readonly List<(string Name, JsonObject Configuration, LoadRows Rows)> tables = [];

    private ExternalTables(IReadOnlyDictionary<string, string> names) => Tables = names;

    /// <summary>Their DuckDB names, by the names in the query.</summary>
    public IReadOnlyDictionary<string, string> Tables { get; }

    /// <summary>The DuckDB names of what a query defines.</summary>
    public static IReadOnlyDictionary<string, string> Names(JsonObject query) =>
        Definitions(query).ToDictionary(d => d.Key, _ => $"temp.main.\"external_{Guid.NewGuid():N}\"", StringComparer.OrdinalIgnoreCase);

    /// <summary>Finds the files.</summary>
    /// <exception cref="BigQueryRefusedException">A definition is not allowed, or a file may not be read.</exception>
    public static ExternalTables Open(JsonObject query, SourceFiles sources, GoogleIdentity who)
    {
        var opened = new ExternalTables(Names(query));
        foreach (var (name, node) in Definitions(query))
        {
            var configuration = node!.DeepClone().AsObject();
            var format = configuration["sourceFormat"]?.GetValue<string>() ?? throw BigQueryRefusedException.Invalid("Required parameter is missing: sourceFormat");
            var hasSchema = configuration["schema"]?["fields"] is JsonArray { Count: > 0 };
            if (format == "PARQUET" && hasSchema) throw BigQueryRefusedException.Invalid($"Schema is not allowed for external tables of format PARQUET ({name}).");
            if (format != "PARQUET" && !hasSchema && configuration["autodetect"]?.GetValue<bool>() != true) throw BigQueryRefusedException.Invalid($"No schema specified for external table {name}.");
            // What a load job says at its top, an external table says among the options of its format.
            foreach (var (key, value) in configuration["csvOptions"] as JsonObject ?? []) configuration[key] = value?.DeepClone();
            var files = sources.Find(configuration, who);
            if (format != "PARQUET" && files.Find(f => TextRows.IsGzip(f) != (configuration["compression"]?.GetValue<string>() == "GZIP")) is { } other)
                throw BigQueryRefusedException.Invalid($"Error while reading table: {name}, error message: the compression of {other.Uri} is not the one that the definition says.");
            opened.tables.Add((opened.Tables[name], configuration, LoadRows.Open(configuration, files)));
        }

        return opened;
    }

    /// <summary>Reads the files into the tables, inside the query's transaction.</summary>
    public void Create(DuckDBConnection open)
    {
        foreach (var (name, configuration, rows) in tables)
        {
            var fields = configuration["schema"] is { } schema ? Field.Parse(schema) : rows.Detect(open, configuration["autodetect"]?.GetValue<bool>() == true);
            Warehouse.Execute(open, $"CREATE TEMP TABLE {name} ({string.Join(", ", fields.Select(f => $"{Sql.Name(f.Name)} {f.Type.DuckDb()}"))})");
            rows.Insert(open, name, fields);
        }
    }

    /// <summary>Removes them.</summary>
    public void Drop(DuckDBConnection open)
    {
        foreach (var (name, _, _) in tables) Warehouse.Execute(open, $"DROP TABLE {name}");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (_, _, rows) in tables) rows.Dispose();
    }

    private static JsonObject Definitions(JsonObject query) => query["tableDefinitions"] as JsonObject ?? [];
}
