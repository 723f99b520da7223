using System.Text.Json.Nodes;

namespace Etl.LocalCloud.BigQuery.Types;

/// <summary>A column of a table, as <c>TableFieldSchema</c> says it.</summary>
/// <param name="Name">The name.</param>
/// <param name="Type">The type, by its standard name.</param>
/// <param name="Required">Whether a value must be there.</param>
/// <param name="Description">The description.</param>
internal sealed record Field(string Name, FieldType Type, bool Required, string? Description)
{
    private const int LongestName = 300;
    private static readonly string[] ReservedPrefixes = ["_TABLE_", "_FILE_", "_PARTITION", "_ROW_TIMESTAMP", "__ROOT__", "_COLIDENTIFIER"];

    /// <summary>The fields of a schema resource.</summary>
    /// <exception cref="BigQueryRefusedException">BigQuery would refuse it.</exception>
    public static IReadOnlyList<Field> Parse(JsonNode? schema)
    {
        var fields = (schema?["fields"] as JsonArray ?? []).Select(f => Parse(f!.AsObject())).ToList();
        if (fields.GroupBy(f => f.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw BigQueryRefusedException.Invalid($"Duplicate field name: {twice.Key}");
        return fields;
    }

    /// <summary>The schema resource of fields.</summary>
    public static JsonObject ToSchema(IEnumerable<Field> fields) => new()
    {
        ["fields"] = new JsonArray([.. fields.Select(f =>
        {
            var json = new JsonObject { ["name"] = f.Name, ["type"] = f.Type.ApiName(), ["mode"] = f.Required ? "REQUIRED" : "NULLABLE" };
            if (f.Description is not null) json["description"] = f.Description;
            return json;
        })]),
    };

    private static Field Parse(JsonObject field)
    {
        var name = field["name"]?.GetValue<string>() ?? "";
        if (name.Length is 0 or > LongestName || !name.All(c => char.IsLetterOrDigit(c) || c == '_' || char.GetUnicodeCategory(c) is System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.SpacingCombiningMark or System.Globalization.UnicodeCategory.DashPunctuation or System.Globalization.UnicodeCategory.ConnectorPunctuation || c is ' ' or '&' or '%' or '=' or '+' or ':' or '\'' or '<' or '>' or '#' or '|') || char.IsAsciiDigit(name[0])
            || ReservedPrefixes.Any(p => name.StartsWith(p, StringComparison.OrdinalIgnoreCase)))
            throw BigQueryRefusedException.Invalid($"Invalid field name \"{name}\". Fields must contain the allowed characters, and be at most 300 characters long. For allowed characters, please refer to https://cloud.google.com/bigquery/docs/schemas#column_names");
        var mode = field["mode"]?.GetValue<string>() ?? "NULLABLE";
        if (mode is not ("NULLABLE" or "REQUIRED")) throw BigQueryRefusedException.Invalid($"The local BigQuery has no {mode} fields ({name}).");
        return new Field(name, FieldTypes.Parse(field["type"]?.GetValue<string>() ?? "", name), mode == "REQUIRED", field["description"]?.GetValue<string>());
    }
}
