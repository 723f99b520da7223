using System.Globalization;
using Etl.Csv;
using Etl.Excel;

namespace Etl.Runner.Commands;

/// <summary>What a command line says of how a file is written, as the settings that the file's parser has for it in a pipeline file.</summary>
internal static class GivenSettings
{
    /// <summary>The settings of a parser, each with its value in YAML; without those that were not given, and those that the parser does not have.</summary>
    public static IReadOnlyList<(string Key, string Value)> Of(string parser, CsvOptions csv, ExcelOptions excel) => [.. All(parser, csv, excel).Where(s => s.Value is not null).Select(s => (s.Key, s.Value!))];

    private static (string Key, string? Value)[] All(string parser, CsvOptions csv, ExcelOptions excel) => parser switch
    {
        "csv" =>
        [
            ("encoding", Text(csv.Encoding)), ("delimiter", Text(csv.Delimiter)), ("quote", Text(csv.Quote)), ("escape", Text(csv.Escape)), ("comment", Text(csv.Comment)),
            ("header", csv.Header is { } header ? header ? "true" : "false" : null), ("header_rows", Number(csv.HeaderRows)), ("skip_lines", Number(csv.SkipLines)), Null(csv),
        ],
        "excel" => [("sheet", Text(excel.Sheet)), ("range", Text(excel.Range)), ("header", Number(excel.Header)), ("skip_rows", excel.SkipRows == 0 ? null : Number(excel.SkipRows)), Null(csv)],
        "ndjson" => [Null(csv)],
        _ => [],
    };

    private static (string Key, string? Value) Null(CsvOptions csv) => ("null", csv.Null is { } texts ? ParserYaml.List(texts) : null);

    private static string? Text(string? value) => value is null ? null : ParserYaml.Scalar(value);

    private static string? Number(int? value) => value?.ToString(CultureInfo.InvariantCulture);
}
