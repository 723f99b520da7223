using System.Globalization;
using DuckDB.NET.Data;
using Etl.Core.Schemas;

namespace Etl.Csv.Tests;

/// <summary>Real files, against DuckDB's own reading of them.</summary>
public sealed class RealFileTests
{
    [Theory]
    [InlineData("airports.csv", "latitude")]
    [InlineData("birdstrikes.csv", "Cost_Total")]
    [InlineData("disasters.csv", "Deaths")]
    [InlineData("github.csv", "count")]
    [InlineData("seattle-weather-hourly-normals.csv", "temperature")]
    [InlineData("sp500-2000.csv", "close")]
    [InlineData("us-employment.csv", "nonfarm")]
    [InlineData("zipcodes.csv", "longitude")]
    public async Task RowsAndSumsAreDuckDbs(string name, string column)
    {
        var path = SharedData.Path("real/" + name);
        var parsed = await Csv.ParseAsync(await File.ReadAllBytesAsync(path));
        Assert.Empty(parsed.Rejects);
        var index = parsed.Schema.IndexOf(column);
        var sum = parsed.Rows.Where(r => r[index] is not null).Sum(r => decimal.Parse(r[index]!, CultureInfo.InvariantCulture));

        await using var duck = new DuckDBConnection("DataSource=:memory:");
        await duck.OpenAsync();
        await using var query = duck.CreateCommand();
        var source = parsed.Schema.Columns[index].SourceName ?? column;
        query.CommandText = $"SELECT count(*), sum(\"{source}\"::DECIMAL(38, 9))::VARCHAR FROM read_csv('{path}', all_varchar = true, header = true)";
        await using var row = await query.ExecuteReaderAsync();
        Assert.True(await row.ReadAsync());
        Assert.Equal(row.GetInt64(0), parsed.Rows.Count);
        Assert.Equal(decimal.Parse(row.GetString(1), CultureInfo.InvariantCulture), sum);
    }

    [Fact]
    public async Task AZipCodeKeepsItsZeros()
    {
        var parsed = await Csv.ParseAsync(await File.ReadAllBytesAsync(SharedData.Path("real/zipcodes.csv")));
        Assert.Equal(ColumnType.String, parsed.Schema.Columns[0].Type);
        Assert.Equal("00501", parsed.Rows[0][0]);
    }

    [Fact]
    public async Task TypesOfRealColumnsAreFound()
    {
        async Task<string> TypesOf(string name) =>
            string.Join(' ', (await Csv.InferAsync(await File.ReadAllBytesAsync(SharedData.Path("real/" + name)))).Schema.Columns.Select(c => c.Type));
        Assert.Equal("DateTime Int64", await TypesOf("github.csv"));
        Assert.Equal("DateTime Numeric Numeric Numeric", await TypesOf("seattle-weather-hourly-normals.csv"));
        Assert.Equal("Date Numeric Numeric Numeric Numeric Numeric Int64", await TypesOf("sp500-2000.csv"));
        Assert.Equal("String Int64 Int64", await TypesOf("disasters.csv"));
    }
}
