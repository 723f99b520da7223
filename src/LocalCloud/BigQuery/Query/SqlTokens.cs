namespace Etl.LocalCloud.BigQuery.Query;

/// <summary>The kinds of GoogleSQL tokens that translation tells apart.</summary>
internal enum SqlTokenKind
{
    Space,
    Word,
    BackQuoted,
    Literal,
    Symbol,
}

/// <summary>A piece of a query.</summary>
internal readonly record struct SqlToken(SqlTokenKind Kind, string Text)
{
    /// <summary>Whether it is this word, whatever its case.</summary>
    public bool Is(string word) => Kind == SqlTokenKind.Word && Text.Equals(word, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether it is this symbol.</summary>
    public bool IsSymbol(string symbol) => Kind == SqlTokenKind.Symbol && Text == symbol;
}

/// <summary>Cuts GoogleSQL into tokens (https://cloud.google.com/bigquery/docs/reference/standard-sql/lexical). Joined again they are the query.</summary>
internal static class SqlTokens
{
    /// <summary>The tokens of <paramref name="sql"/>.</summary>
    public static List<SqlToken> Split(string sql)
    {
        var tokens = new List<SqlToken>();
        for (var i = 0; i < sql.Length;)
        {
            var start = i;
            var kind = Next(sql, ref i);
            tokens.Add(new SqlToken(kind, sql[start..i]));
        }

        return tokens;
    }

    private static SqlTokenKind Next(string sql, ref int i)
    {
        var c = sql[i];
        if (char.IsWhiteSpace(c))
        {
            while (i < sql.Length && char.IsWhiteSpace(sql[i])) i++;
            return SqlTokenKind.Space;
        }

        if (c == '#' || (c == '-' && At(sql, i + 1) == '-'))
        {
            while (i < sql.Length && sql[i] != '\n') i++;
            return SqlTokenKind.Space;
        }

        if (c == '/' && At(sql, i + 1) == '*')
        {
            var end = sql.IndexOf("*/", i + 2, StringComparison.Ordinal);
            i = end < 0 ? sql.Length : end + 2;
            return SqlTokenKind.Space;
        }

        if (c is '\'' or '"')
        {
            Quoted(sql, ref i, c, "string literal");
            return SqlTokenKind.Literal;
        }

        if (c == '`')
        {
            Quoted(sql, ref i, c, "identifier");
            return SqlTokenKind.BackQuoted;
        }

        if (char.IsLetter(c) || c is '_' or '@')
        {
            while (i < sql.Length && (char.IsLetterOrDigit(sql[i]) || sql[i] is '_' or '@')) i++;
            return SqlTokenKind.Word;
        }

        if (char.IsAsciiDigit(c))
        {
            while (i < sql.Length && (char.IsLetterOrDigit(sql[i]) || sql[i] == '.')) i++;
            return SqlTokenKind.Literal;
        }

        i++;
        return SqlTokenKind.Symbol;
    }

    private static void Quoted(string sql, ref int i, char quote, string what)
    {
        for (i++; i < sql.Length && sql[i] != quote; i++)
            if (sql[i] == '\\') i++;
        if (i >= sql.Length) throw BigQueryRefusedException.InvalidQuery($"Syntax error: Unclosed {what}");
        i++;
    }

    private static char At(string sql, int i) => i < sql.Length ? sql[i] : '\0';
}
