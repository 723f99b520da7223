using System.Text.Json;

namespace Etl.Csv.Tests;

/// <summary>csv-spectrum: small files with every twist of RFC 4180, and their rows as JSON.</summary>
public sealed class SpectrumTests
{
    [Theory]
    [InlineData("comma_in_quotes")]
    [InlineData("empty")]
    [InlineData("empty_crlf")]
    [InlineData("escaped_quotes")]
    [InlineData("json")]
    [InlineData("location_coordinates")]
    [InlineData("newlines")]
    [InlineData("newlines_crlf")]
    [InlineData("quotes_and_newlines")]
    [InlineData("simple")]
    [InlineData("simple_crlf")]
    [InlineData("utf8")]
    public async Task EveryFileReadsAsItsJson(string name)
    {
        var folder = SharedData.Path("csv-spectrum");
        var bytes = await File.ReadAllBytesAsync(Path.Combine(folder, "csvs", name + ".csv"));
        var parsed = await Csv.ParseAsync(bytes, options: new CsvOptions { Schema = CsvSchemaMode.Strings, Header = true, Delimiter = "," });
        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "json", name + ".json")));
        // One file's JSON is its only row, without an array around it.
        IEnumerable<JsonElement> rows = json.RootElement.ValueKind == JsonValueKind.Array ? json.RootElement.EnumerateArray() : [json.RootElement];
        var expected = rows.Select(o => o.EnumerateObject().Select(p => p.Value.GetString()!.Replace("\r\n", "\n", StringComparison.Ordinal)).ToArray());
        Assert.Equal(expected, parsed.Rows.Select(r => r.Select(v => (v ?? "").Replace("\r\n", "\n", StringComparison.Ordinal)).ToArray()));
        Assert.Empty(parsed.Rejects);
    }
}
