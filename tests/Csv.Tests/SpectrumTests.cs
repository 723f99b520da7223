using System.Text.Json;

namespace Etl.Csv.Tests;

/// <summary>csv-spectrum: small files with every twist of RFC 4180, and their rows as JSON.</summary>
public sealed class SpectrumTests
{
    /// <summary>The files whose JSON says their rows.</summary>
    public static TheoryData<string> Files() =>
        ["comma_in_quotes", "empty", "empty_crlf", "escaped_quotes", "json", "newlines", "newlines_crlf", "quotes_and_newlines", "simple", "simple_crlf", "utf8"];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task EveryFileReadsAsItsJson(string name)
    {
        var folder = SharedData.Path("csv-spectrum");
        var bytes = await File.ReadAllBytesAsync(Path.Combine(folder, "csvs", name + ".csv"));
        var parsed = await Csv.ParseAsync(bytes, options: new CsvOptions { Schema = CsvSchemaMode.Strings, Header = true, Delimiter = "," });
        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "json", name + ".json")));
        var expected = json.RootElement.EnumerateArray().Select(o => o.EnumerateObject().Select(p => p.Value.GetString()!.Replace("\r\n", "\n", StringComparison.Ordinal)).ToArray());
        Assert.Equal(expected, parsed.Rows.Select(r => r.Select(v => (v ?? "").Replace("\r\n", "\n", StringComparison.Ordinal)).ToArray()));
        Assert.Empty(parsed.Rejects);
    }

    // The JSON of this one has another phone number and no array, so that only the fields with quotes are compared.
    [Fact]
    public async Task CoordinatesWithQuotesReadAsTheirJson()
    {
        var folder = SharedData.Path("csv-spectrum");
        var parsed = await Csv.ParseAsync(await File.ReadAllBytesAsync(Path.Combine(folder, "csvs", "location_coordinates.csv")), options: new CsvOptions { Schema = CsvSchemaMode.Strings, Header = true });
        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "json", "location_coordinates.json")));
        Assert.Equal(json.RootElement.EnumerateObject().Select(p => p.Value.GetString()).Skip(1), Assert.Single(parsed.Rows).Skip(1));
    }
}
