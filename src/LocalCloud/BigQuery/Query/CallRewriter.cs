namespace Etl.LocalCloud.BigQuery.Query;

/// <summary>Rewrites calls whose arguments DuckDB wants otherwise: <c>IN UNNEST(array)</c>, and <c>DATE_TRUNC(value, PART)</c> with its like.</summary>
internal static class CallRewriter
{
    private static readonly string[] Parts = ["MICROSECOND", "MILLISECOND", "SECOND", "MINUTE", "HOUR", "DAY", "MONTH", "QUARTER", "YEAR"];

    /// <summary>The tokens with such calls rewritten.</summary>
    public static List<SqlToken> Rewrite(IReadOnlyList<SqlToken> tokens)
    {
        var rewritten = new List<SqlToken>();
        for (var i = 0; i < tokens.Count; i++)
        {
            var open = Next(tokens, i);
            if (open == tokens.Count || !tokens[open].IsSymbol("(") || End(tokens, open) is not { } end)
            {
                rewritten.Add(tokens[i]);
                continue;
            }

            var inside = tokens.Take(end).Skip(open + 1).ToList();
            if (tokens[i].Is("UNNEST") && rewritten.LastOrDefault(t => t.Kind != SqlTokenKind.Space).Is("IN"))
                rewritten.AddRange([Symbol("("), Word("SELECT"), Space, Word("unnest"), Symbol("("), .. Rewrite(inside), Symbol(")"), Symbol(")")]);
            else if (tokens[i].Is("DATE_TRUNC") || tokens[i].Is("DATETIME_TRUNC") || tokens[i].Is("TIMESTAMP_TRUNC"))
                rewritten.AddRange(Truncated(tokens[i], inside));
            else
            {
                rewritten.Add(tokens[i]);
                continue;
            }

            i = end;
        }

        return rewritten;
    }

    private static List<SqlToken> Truncated(SqlToken function, List<SqlToken> arguments)
    {
        var comma = arguments.FindLastIndex(t => t.IsSymbol(","));
        var part = comma < 0 ? default : arguments.Skip(comma + 1).SingleOrDefault(t => t.Kind != SqlTokenKind.Space);
        if (part.Kind != SqlTokenKind.Word || !Parts.Contains(part.Text, StringComparer.OrdinalIgnoreCase))
            throw BigQueryRefusedException.InvalidQuery($"The local BigQuery truncates to {string.Join(", ", Parts)}, not to {part.Text}.");
        List<SqlToken> call = [Word("date_trunc"), Symbol("("), new SqlToken(SqlTokenKind.Literal, $"'{part.Text.ToLowerInvariant()}'"), Symbol(","), Space, .. Rewrite(arguments[..comma]), Symbol(")")];
        return function.Is("DATE_TRUNC") ? [Word("CAST"), Symbol("("), .. call, Space, Word("AS"), Space, Word("DATE"), Symbol(")")] : call;
    }

    private static int Next(IReadOnlyList<SqlToken> tokens, int i)
    {
        for (i++; i < tokens.Count && tokens[i].Kind == SqlTokenKind.Space; i++)
        {
        }

        return i;
    }

    private static int? End(IReadOnlyList<SqlToken> tokens, int open)
    {
        var depth = 0;
        for (var i = open; i < tokens.Count; i++)
        {
            if (tokens[i].IsSymbol("(")) depth++;
            else if (tokens[i].IsSymbol(")") && --depth == 0) return i;
        }

        return null;
    }

    private static SqlToken Space => new(SqlTokenKind.Space, " ");

    private static SqlToken Word(string text) => new(SqlTokenKind.Word, text);

    private static SqlToken Symbol(string text) => new(SqlTokenKind.Symbol, text);
}
