using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Etl.Core.Contracts;
using Etl.Core.Schemas;

namespace Etl.Runner.Commands;

/// <summary>What inference found, as a <c>csv:</c> transform to paste into a pipeline file.</summary>
internal static class CsvYaml
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The block, indented as under <c>transforms:</c>.</summary>
    public static string Write(SchemaProposal proposal)
    {
        var dialect = proposal.Dialects[0];
        var text = new StringBuilder();
        text.Append("  - csv:\n");
        Line(text, "encoding", dialect.Encoding);
        Line(text, "delimiter", Readable(dialect.Delimiter));
        Line(text, "quote", dialect.Quote ?? "none");
        Line(text, "schema", "declared");
        text.Append("      columns:\n");
        foreach (var column in proposal.Schema.Columns)
        {
            text.Append("        - { name: ").Append(Scalar(column.Name)).Append(", type: ").Append(column.Type.SqlName());
            if (column.SourceName is not null) text.Append(", source: ").Append(Scalar(column.SourceName));
            if (column.Format is { } format) Format(text, format);
            text.Append(" }\n");
        }

        return text.ToString();
    }

    /// <summary>A delimiter as it is written in YAML and read by people.</summary>
    public static string Readable(string delimiter) => delimiter == "\t" ? "tab" : delimiter;

    private static void Format(StringBuilder text, ColumnFormat format)
    {
        foreach (var (key, value) in new[] { ("format", format.Pattern), ("decimal", format.Decimal), ("grouping", format.Grouping), ("time_zone", format.TimeZone) })
            if (value is not null) text.Append(", ").Append(key).Append(": ").Append(JsonSerializer.Serialize(value, Relaxed));
    }

    private static void Line(StringBuilder text, string key, string value) => text.Append("      ").Append(key).Append(": ").Append(Scalar(value)).Append('\n');

    /// <summary>A text as a YAML scalar.</summary>
    // A JSON string is a YAML scalar in double quotes.
    public static string Scalar(string value) =>
        value.Length > 0 && value != "null" && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-') && char.IsAsciiLetter(value[0]) ? value : JsonSerializer.Serialize(value, Relaxed);
}
