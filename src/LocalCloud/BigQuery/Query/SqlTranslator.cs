using System.Text;
using Etl.LocalCloud.BigQuery.Catalog;

namespace Etl.LocalCloud.BigQuery.Query;

/// <summary>Turns GoogleSQL into DuckDB's SQL, token by token: table names, quoting, literals, type names, and a few functions. What DuckDB has no word for, it says itself.</summary>
/// <param name="catalog">The tables.</param>
/// <param name="project">The project of names that have none.</param>
/// <param name="defaultDataset">The dataset of names that have none.</param>
/// <param name="external">The DuckDB names of the tables that the query itself defines.</param>
/// <param name="parameters">What the query is given.</param>
internal sealed class SqlTranslator(TableCatalog catalog, string project, string? defaultDataset, IReadOnlyDictionary<string, string> external, QueryParameters parameters)
{
    private static readonly Dictionary<string, string> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        ["INT64"] = "BIGINT",
        ["FLOAT64"] = "DOUBLE",
        ["NUMERIC"] = "DECIMAL(38,9)",
        ["BIGNUMERIC"] = "DECIMAL(38,9)",
        ["STRING"] = "VARCHAR",
        ["BYTES"] = "BLOB",
        ["DATETIME"] = "TIMESTAMP",
        ["SAFE_CAST"] = "TRY_CAST",
        ["COUNTIF"] = "count_if",
        ["LOGICAL_AND"] = "bool_and",
        ["LOGICAL_OR"] = "bool_or",
        ["CURRENT_DATETIME"] = "localtimestamp",
        ["APPROX_COUNT_DISTINCT"] = "approx_count_distinct",
        ["REGEXP_CONTAINS"] = "regexp_matches",
    };

    // After these a name is a table's.
    private static readonly string[] TableWords = ["FROM", "JOIN", "INTO", "UPDATE", "TABLE", "USING", "MERGE"];

    /// <summary>The query for DuckDB.</summary>
    public string Translate(string sql)
    {
        var tokens = CallRewriter.Rewrite(SqlTokens.Split(sql));
        var text = new StringBuilder();
        SqlToken last = default;
        var inFrom = false;
        for (var i = 0; i < tokens.Count; i++)
        {
            var token = tokens[i];
            if (token.Kind == SqlTokenKind.Space)
            {
                text.Append(token.Text.StartsWith('#') ? "--" + token.Text[1..] : token.Text);
                continue;
            }

            // DuckDB has no MERGE without INTO.
            if (last.Is("MERGE") && !token.Is("INTO")) text.Append("INTO ");
            var wantsTable = TableWords.Any(last.Is) || (inFrom && last.IsSymbol(","));
            if (wantsTable && token.Kind is SqlTokenKind.Word or SqlTokenKind.BackQuoted && TryTable(tokens, ref i, out var table)) text.Append(table);
            else if (token.Is("TRUNCATE") && Following(tokens, i).Is("TABLE")) (text, i) = (text.Append("DELETE FROM"), tokens.FindIndex(i + 1, t => t.Is("TABLE")));
            else text.Append(One(token, Following(tokens, i)));
            inFrom = token.Is("FROM") || (inFrom && !token.Is("WHERE") && !token.Is("GROUP") && !token.Is("SELECT") && !token.Is("ORDER") && !token.Is("LIMIT") && !token.Is("ON") && !token.IsSymbol("("));
            last = tokens[i].Is("TABLE") && token.Is("TRUNCATE") ? tokens[i] : token;
        }

        return text.ToString().TrimEnd().TrimEnd(';');
    }

    private string One(SqlToken token, SqlToken next) => token.Kind switch
    {
        SqlTokenKind.BackQuoted => string.Join('.', token.Text[1..^1].Split('.').Select(Sql.Name)),
        SqlTokenKind.Literal when token.Text[0] is '\'' or '"' => Sql.Text(Unescape(token.Text[1..^1])),
        SqlTokenKind.Word when token.Text[0] == '@' => parameters.Named(token.Text[1..]),
        SqlTokenKind.Symbol when token.IsSymbol("?") => parameters.Next(),
        SqlTokenKind.Word when token.Is("TIMESTAMP") => "TIMESTAMPTZ",
        SqlTokenKind.Word when token.Is("IF") && next.IsSymbol("(") => "if",
        SqlTokenKind.Word when Words.TryGetValue(token.Text, out var word) => word,
        _ => token.Text,
    };

    // project.dataset.table, dataset.table or table; in one pair of back quotes, in several, or in none (then a project may hold dashes).
    private bool TryTable(List<SqlToken> tokens, ref int i, out string duckDb)
    {
        var name = new StringBuilder();
        var end = i;
        for (var at = i; at < tokens.Count; at++)
        {
            var token = tokens[at];
            if (token.Kind == SqlTokenKind.BackQuoted) name.Append(token.Text[1..^1]);
            else if (token.Kind == SqlTokenKind.Word || token.IsSymbol(".") || (token.IsSymbol("-") && at > i) || (token.Kind == SqlTokenKind.Literal && at > i && char.IsAsciiDigit(token.Text[0]))) name.Append(token.Text);
            else break;
            end = at;
        }

        if (external.TryGetValue(name.ToString(), out duckDb!))
        {
            i = end;
            return true;
        }

        duckDb = "";
        var parts = name.ToString().Split('.');
        var table = parts.Length switch
        {
            3 => new TableName(parts[0], parts[1], parts[2]),
            2 => new TableName(project, parts[0], parts[1]),
            1 when defaultDataset is not null => new TableName(project, defaultDataset, parts[0]),
            _ => null,
        };
        if (table is null || parts.Any(p => p.Length == 0)) return false;
        if (parts.Length == 1 && catalog.FindTable(table) is null) return false;
        if (catalog.FindDataset(table.Project, table.Dataset) is null) throw BigQueryRefusedException.NotFound($"Not found: Dataset {table.Project}:{table.Dataset} was not found in location US");
        if (catalog.FindTable(table) is null) throw BigQueryRefusedException.NotFound($"Not found: Table {table} was not found in location US");
        duckDb = table.DuckDb;
        i = end;
        return true;
    }

    private static SqlToken Following(List<SqlToken> tokens, int i) => tokens.Skip(i + 1).FirstOrDefault(t => t.Kind != SqlTokenKind.Space);

    private static string Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal)) return text;
        var plain = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
            plain.Append(text[i] != '\\' || i + 1 == text.Length ? text[i] : text[++i] switch { 'n' => '\n', 't' => '\t', 'r' => '\r', 'u' when i + 4 < text.Length => (char)Convert.ToInt32(text[(i + 1)..((i += 4) + 1)], 16), var other => other });
        return plain.ToString();
    }
}
