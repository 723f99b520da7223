using System.Text.Json.Nodes;
using Etl.LocalCloud.BigQuery.Types;

namespace Etl.LocalCloud.BigQuery.Query;

/// <summary>The parameters of a query (https://cloud.google.com/bigquery/docs/parameterized-queries), as DuckDB's literals.</summary>
internal sealed class QueryParameters(JsonObject query)
{
    private readonly List<JsonObject> given = [.. (query["queryParameters"] as JsonArray ?? []).Select(p => p!.AsObject())];
    private int next;

    /// <summary>The literal of a named parameter.</summary>
    public string Named(string name) => given.FirstOrDefault(p => name.Equals(p["name"]?.GetValue<string>(), StringComparison.OrdinalIgnoreCase)) is { } found ? Literal(found)
        : throw BigQueryRefusedException.InvalidQuery($"Query parameter '{name}' not found");

    /// <summary>The literal of the next parameter that is known by its place.</summary>
    public string Next() => next < given.Count ? Literal(given[next++]) : throw BigQueryRefusedException.InvalidQuery($"Query parameter number {next + 1} is not defined ({given.Count} provided)");

    private static string Literal(JsonObject parameter) => Literal(parameter["parameterType"] as JsonObject ?? throw BigQueryRefusedException.Invalid("Required parameter is missing: parameterType"), parameter["parameterValue"] as JsonObject ?? []);

    private static string Literal(JsonObject type, JsonObject value)
    {
        var name = type["type"]?.GetValue<string>() ?? "";
        if (name.Equals("ARRAY", StringComparison.OrdinalIgnoreCase))
        {
            var item = type["arrayType"] as JsonObject ?? throw BigQueryRefusedException.Invalid("Required parameter is missing: arrayType");
            return $"CAST([{string.Join(", ", (value["arrayValues"] as JsonArray ?? []).Select(v => Literal(item, v as JsonObject ?? [])))}] AS {DuckDb(item)}[])";
        }

        return value["value"] is { } text ? $"CAST({Sql.Text(text.ToString())} AS {DuckDb(type)})" : $"CAST(NULL AS {DuckDb(type)})";
    }

    private static string DuckDb(JsonObject type) => FieldTypes.Parse(type["type"]?.GetValue<string>() ?? "", "a query parameter").DuckDb();
}
