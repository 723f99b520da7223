using System.Text;
using System.Text.Json;
using Etl.Core.Schemas;
using Etl.Runner.Display;

namespace Etl.Runner.Commands;

/// <summary>What was found out about a file, as a transform of its parser to paste into a pipeline file.</summary>
internal static class ParserYaml
{
    /// <summary>The block, indented as under <c>transforms:</c>. Columns are declared, but those of Parquet only named: their types are in the files.</summary>
    public static string Write(SampledFile file)
    {
        var text = new StringBuilder();
        text.Append("  - ").Append(file.Parser).Append(":\n");
        var found = Found(file).ToList();
        foreach (var (key, value) in found.Concat(file.Given.ExceptBy(found.Select(f => f.Key), g => g.Key))) text.Append("      ").Append(key).Append(": ").Append(value).Append('\n');
        if (file.DeclaresTypes) text.Append("      schema: declared\n");
        text.Append("      columns:\n");
        foreach (var column in file.Proposal.Schema.Columns) Column(text.Append("        - "), column, file.DeclaresTypes);
        return text.ToString();
    }

    /// <summary>A delimiter as it is written in YAML and read by people.</summary>
    public static string Readable(string delimiter) => delimiter == "\t" ? "tab" : delimiter;

    /// <summary>A text as a YAML scalar.</summary>
    // A JSON string is a YAML scalar in double quotes.
    public static string Scalar(string value) =>
        value.Length > 0 && !value.Equals("null", StringComparison.OrdinalIgnoreCase) && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-') && char.IsAsciiLetter(value[0]) ? value : JsonSerializer.Serialize(value, JsonLine.Options);

    /// <summary>Texts as a YAML list on one line.</summary>
    public static string List(IEnumerable<string> values) => $"[{string.Join(", ", values.Select(Scalar))}]";

    private static IEnumerable<(string Key, string Value)> Found(SampledFile file)
    {
        var dialect = file.Proposal.Dialects[0];
        return file.Parser switch
        {
            "csv" => [("encoding", Scalar(dialect.Encoding)), ("delimiter", Scalar(Readable(dialect.Delimiter))), ("quote", Scalar(dialect.Quote ?? "none"))],
            "excel" when dialect.Entry is { } sheet => [("sheet", Scalar(sheet))],
            _ => [],
        };
    }

    private static void Column(StringBuilder text, Column column, bool isTyped)
    {
        if (!isTyped)
        {
            text.Append(Scalar(column.SourceName ?? column.Name)).Append('\n');
            return;
        }

        text.Append("{ name: ").Append(Scalar(column.Name)).Append(", type: ").Append(column.Type.SqlName());
        if (column.SourceName is not null) text.Append(", source: ").Append(Scalar(column.SourceName));
        if (column.Format is { } format) Format(text, format);
        text.Append(" }\n");
    }

    private static void Format(StringBuilder text, ColumnFormat format)
    {
        foreach (var (key, value) in new[] { ("format", format.Pattern), ("decimal", format.Decimal), ("grouping", format.Grouping), ("time_zone", format.TimeZone) })
            if (value is not null) text.Append(", ").Append(key).Append(": ").Append(JsonSerializer.Serialize(value, JsonLine.Options));
    }
}
