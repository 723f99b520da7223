using System.Text;
using Etl.Core.Sql;

namespace Etl.Connectors.Gcp.BigQuery;

/// <summary>Names and texts as GoogleSQL writes them (https://cloud.google.com/bigquery/docs/reference/standard-sql/lexical).</summary>
internal sealed class GoogleSql : ISqlDialect
{
    public static GoogleSql Instance { get; } = new();

    public string Name(string identifier) => $"`{Escape(identifier, '`')}`";

    public string Text(string text) => $"'{Escape(text, '\'')}'";

    private static string Escape(string text, char quote)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var c in text)
            if (c == quote || c == '\\') escaped.Append('\\').Append(c);
            else if (char.IsControl(c)) escaped.Append(System.Globalization.CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else escaped.Append(c);
        return escaped.ToString();
    }
}
