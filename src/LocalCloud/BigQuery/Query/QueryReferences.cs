using System.Text;
using System.Text.Json.Nodes;

namespace Etl.LocalCloud.BigQuery.Query;

/// <summary>What a query needs to be allowed to do.</summary>
/// <param name="Permission">The permission.</param>
/// <param name="Table">The table it is needed for.</param>
internal sealed record QueryReference(string Permission, TableName Table)
{
    private static readonly string[] TableWords = ["FROM", "JOIN", "INTO", "UPDATE", "TABLE", "USING", "MERGE"];

    /// <summary>The tables that a query names, each with the permission it takes there.</summary>
    public static IReadOnlyList<QueryReference> Of(string project, JsonObject query)
    {
        var tokens = SqlTokens.Split((string?)query["query"] ?? "").Where(t => t.Kind != SqlTokenKind.Space).ToList();
        var verb = tokens.FirstOrDefault().Text?.ToUpperInvariant();
        var found = new List<QueryReference>();
        var external = (query["tableDefinitions"] as JsonObject)?.Select(d => d.Key).ToHashSet(StringComparer.OrdinalIgnoreCase) ?? [];
        for (var i = 0; i < tokens.Count; i++)
        {
            if (i == 0 || tokens[i].Is("INTO") || (!TableWords.Any(tokens[i - 1].Is) && !(tokens[i - 1].Is("EXISTS") && verb == "CREATE"))) continue;
            if (external.Contains(tokens[i].Text.Trim('`')) || Read(tokens, i, project, (string?)query["defaultDataset"]?["datasetId"]) is not { } table) continue;
            found.Add(new QueryReference(
                found.Count > 0 ? "bigquery.tables.getData" : verb switch
                {
                    "CREATE" => "bigquery.tables.create",
                    "ALTER" => "bigquery.tables.update",
                    "INSERT" or "UPDATE" or "DELETE" or "MERGE" or "TRUNCATE" => "bigquery.tables.updateData",
                    _ => "bigquery.tables.getData",
                },
                table));
        }

        return found;
    }

    private static TableName? Read(List<SqlToken> tokens, int from, string project, string? dataset)
    {
        var name = new StringBuilder();
        var dotted = true;
        for (var i = from; i < tokens.Count; i++)
        {
            var token = tokens[i];
            if (token.IsSymbol(".") || token.IsSymbol("-")) dotted = true;
            // Two words beside each other are a name and what follows it.
            else if (dotted && (token.Kind == SqlTokenKind.Word || token.Kind == SqlTokenKind.BackQuoted)) dotted = false;
            else break;
            name.Append(token.Kind == SqlTokenKind.BackQuoted ? token.Text[1..^1] : token.Text);
        }

        return name.ToString().Split('.') switch
        {
            [var p, var d, var t] => new TableName(p, d, t),
            [var d, { Length: > 0 } t] => new TableName(project, d, t),
            [{ Length: > 0 } t] when dataset is not null => new TableName(project, dataset, t),
            _ => null,
        };
    }
}
