using System.Globalization;
using System.Text;
using Etl.Core.Contracts;
using Etl.Core.Schemas;

namespace Etl.Connectors.Gcp.BigQuery;

/// <summary>Names and texts as GoogleSQL writes them (https://cloud.google.com/bigquery/docs/reference/standard-sql/lexical): whatever is in them, they stay names and texts.</summary>
internal static class GoogleSql
{
    /// <summary>The dialect.</summary>
    public static SqlDialect Dialect { get; } = new(Name, Text, type => type.SqlName());

    /// <summary>A quoted identifier.</summary>
    public static string Name(string identifier) => $"`{Escape(identifier, '`')}`";

    /// <summary>A string literal.</summary>
    public static string Text(string text) => $"'{Escape(text, '\'')}'";

    private static string Escape(string text, char quote)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var c in text)
            if (c == quote || c == '\\') escaped.Append('\\').Append(c);
            else if (char.IsControl(c)) escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else escaped.Append(c);
        return escaped.ToString();
    }
}
