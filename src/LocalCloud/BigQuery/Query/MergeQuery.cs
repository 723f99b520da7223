using System.Globalization;
using System.Text.Json.Nodes;
using DuckDB.NET.Data;

namespace Etl.LocalCloud.BigQuery.Query;

/// <summary>A MERGE in DuckDB's SQL, run as BigQuery runs it: a row of the table that an UPDATE matches with several rows is an error, which DuckDB does not find (https://cloud.google.com/bigquery/docs/reference/standard-sql/dml-syntax#merge_statement).</summary>
internal static class MergeQuery
{
    /// <summary>Runs it.</summary>
    /// <returns>Rows inserted, updated and deleted.</returns>
    public static (long Inserted, long Updated, long Deleted) Run(DuckDBConnection open, string sql)
    {
        if (Ambiguous(sql) is { } check && Warehouse.Query(open, check).Count > 0)
            throw BigQueryRefusedException.InvalidQuery("UPDATE/MERGE must match at most one source row for each target row");
        var (inserted, updated, deleted) = (0L, 0L, 0L);
        using var command = open.CreateCommand();
        command.CommandText = sql + "\nRETURNING merge_action";
        using var reader = command.ExecuteReader();
        while (reader.Read())
            switch (reader.GetString(0))
            {
                case "INSERT": inserted++; break;
                case "UPDATE": updated++; break;
                default: deleted++; break;
            }

        return (inserted, updated, deleted);
    }

    // The rows of the table that the condition matches more than once; null when no UPDATE depends on it.
    private static string? Ambiguous(string sql)
    {
        var tokens = SqlTokens.Split(sql);
        var (into, usingAt, on, when) = (Find(tokens, 0, "INTO"), Find(tokens, 0, "USING"), Find(tokens, 0, "ON"), Find(tokens, 0, "WHEN"));
        if (into < 0 || usingAt < 0 || on < 0 || when < 0) throw BigQueryRefusedException.InvalidQuery("Syntax error: MERGE [INTO] target USING source ON condition WHEN ...");
        if (!tokens.Skip(when).Any(t => t.Is("UPDATE"))) return null;
        var target = Text(tokens, into + 1, usingAt);
        var alias = tokens.Take(usingAt).Last(t => t.Kind != SqlTokenKind.Space).Text;
        return $"SELECT 1 FROM {target} JOIN {Text(tokens, usingAt + 1, on)} ON {Text(tokens, on + 1, when)} GROUP BY {alias}.rowid HAVING count(*) > 1 LIMIT 1";
    }

    private static string Text(List<SqlToken> tokens, int from, int to) => string.Concat(tokens.Take(to).Skip(from).Select(t => t.Text));

    // Outside of brackets and of CASE.
    private static int Find(List<SqlToken> tokens, int from, string word)
    {
        var depth = 0;
        for (var i = from; i < tokens.Count; i++)
        {
            if (tokens[i].IsSymbol("(") || tokens[i].Is("CASE")) depth++;
            else if (tokens[i].IsSymbol(")") || tokens[i].Is("END")) depth--;
            else if (depth == 0 && tokens[i].Is(word)) return i;
        }

        return -1;
    }

    /// <summary>The counts as a job's statistics tell them.</summary>
    public static JsonObject Statistics(long inserted, long updated, long deleted) => new()
    {
        ["insertedRowCount"] = inserted.ToString(CultureInfo.InvariantCulture),
        ["updatedRowCount"] = updated.ToString(CultureInfo.InvariantCulture),
        ["deletedRowCount"] = deleted.ToString(CultureInfo.InvariantCulture),
    };
}
