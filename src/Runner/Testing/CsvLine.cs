namespace Etl.Runner.Testing;

/// <summary>A row as a line of CSV (RFC 4180). A missing value is an empty field, an empty text is in quotes.</summary>
internal static class CsvLine
{
    public static string Of(IEnumerable<string?> row) => string.Join(',', row.Select(Field));

    private static string Field(string? value) =>
        value is null ? ""
        : value.Length == 0 || value.AsSpan().IndexOfAny("\",\r\n") >= 0 || value[0] == ' ' || value[^1] == ' ' ? $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
        : value;
}
