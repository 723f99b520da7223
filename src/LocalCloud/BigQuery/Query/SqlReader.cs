using System.Text;

namespace Etl.LocalCloud.BigQuery.Query;

/// <summary>Reads a statement token by token.</summary>
internal sealed class SqlReader(string sql)
{
    private readonly List<SqlToken> tokens = [.. SqlTokens.Split(sql).Where(t => t.Kind != SqlTokenKind.Space)];
    private int at;

    /// <summary>Takes these words when they come next.</summary>
    public bool Take(params ReadOnlySpan<string> words)
    {
        if (at + words.Length > tokens.Count) return false;
        for (var i = 0; i < words.Length; i++)
            if (!tokens[at + i].Is(words[i])) return false;
        at += words.Length;
        return true;
    }

    /// <summary>Takes this symbol when it comes next.</summary>
    public bool TakeSymbol(string symbol)
    {
        if (at == tokens.Count || !tokens[at].IsSymbol(symbol)) return false;
        at++;
        return true;
    }

    /// <summary>Takes a name.</summary>
    public string Name()
    {
        if (at == tokens.Count || tokens[at].Kind is not (SqlTokenKind.Word or SqlTokenKind.BackQuoted)) throw Unexpected();
        return tokens[at++] is { Kind: SqlTokenKind.BackQuoted } quoted ? quoted.Text[1..^1] : tokens[at - 1].Text;
    }

    /// <summary>Takes names with points between them; a project may hold dashes.</summary>
    public string Path()
    {
        var path = new StringBuilder(Name());
        while (at < tokens.Count && (tokens[at].IsSymbol(".") || tokens[at].IsSymbol("-")))
        {
            path.Append(tokens[at++].Text);
            if (at < tokens.Count && tokens[at].Kind == SqlTokenKind.Literal) path.Append(tokens[at++].Text);
            else path.Append(Name());
        }

        return path.ToString();
    }

    /// <summary>Makes sure that nothing is left.</summary>
    public void End()
    {
        if (at < tokens.Count) throw Unexpected();
    }

    private BigQueryRefusedException Unexpected() =>
        BigQueryRefusedException.InvalidQuery(at < tokens.Count ? $"Syntax error: Unexpected \"{tokens[at].Text}\"" : "Syntax error: Unexpected end of statement");
}
