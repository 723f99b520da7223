using System.Text;
using Etl.Core.Errors;
using Etl.Core.Runs;
using Etl.Core.Schemas;

namespace Etl.Csv.Tests;

public sealed class DeclaredFormatTests
{
    [Fact]
    public async Task EachColumnIsReadByItsOwnFormat()
    {
        var parsed = await ParseAsync(
            "day;at;price;ok;n\n31/12/2024;2024-07-01 09:00;1.234,5;はい;12 %\n\"1/1/2025\";2024-07-02 00:00;(7);N;-\nNULL;;;;\n",
            new() { Name = "day", Type = ColumnType.Date, Format = "d/M/yyyy", Null = ["NULL"] },
            new() { Name = "at", Type = ColumnType.Timestamp, Format = "yyyy-MM-dd HH:mm", TimeZone = "Asia/Tokyo" },
            new() { Name = "price", Type = ColumnType.Numeric, Decimal = ",", Grouping = "." },
            new() { Name = "ok", Type = ColumnType.Bool, True = ["はい", "Y"], False = ["いいえ", "N"] },
            new() { Name = "n", Type = ColumnType.Int64, Strip = ["%"], Null = ["", "-"] });
        Assert.Equal([
            ["2024-12-31", "2024-07-01T00:00:00.000000", "1234.5", "true", "12"],
            ["2025-01-01", "2024-07-01T15:00:00.000000", "-7", "false", null],
            [null, null, null, null, null]], parsed.Rows);
        Assert.Empty(parsed.Rejects);
    }

    [Fact]
    public async Task ATimeThatTheZoneSkipsOrRepeatsIsRejectedWithTheReason()
    {
        var parsed = await ParseAsync("at\n2024-03-31T02:30:00\n2024-10-27T02:30:00\n2024-10-27T02:30:00+01:00\n2024-06-01T00:00:00\n",
            new CsvColumnOptions { Name = "at", Type = ColumnType.Timestamp, TimeZone = "Europe/Berlin" });
        Assert.Equal(["2024-10-27T01:30:00.000000", "2024-05-31T22:00:00.000000"], parsed.Rows.Select(r => r[0]));
        Assert.Contains("clocks skip", parsed.Rejects[0].Reason, StringComparison.Ordinal);
        Assert.Contains("comes twice", parsed.Rejects[1].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AValueWrittenOtherwiseIsRejected()
    {
        var parsed = await ParseAsync("d,x\n2024/12/20,1\n20.12.2024,2\n2024/13/01,3\n",
            new() { Name = "d", Type = ColumnType.Date, Format = "yyyy/MM/dd" }, new() { Name = "x", Type = ColumnType.String });
        Assert.Equal([["2024-12-20", "1"]], parsed.Rows);
        Assert.Equal(["expected DATE (written yyyy/MM/dd), found a date written otherwise, or one that does not exist", "expected DATE (written yyyy/MM/dd), found text"], parsed.Rejects.Select(r => r.Reason));
    }

    [Fact]
    public async Task ADateOfADeclaredColumnWithoutAFormatSaysWhatIsMissing()
    {
        var parsed = await ParseAsync("d,x\n令和6年12月20日,1\n2024-12-20T10:00:00,2\n2024-12-20,3\n",
            new() { Name = "d", Type = ColumnType.Date }, new() { Name = "x", Type = ColumnType.String });
        Assert.Equal([["2024-12-20", "3"]], parsed.Rows);
        Assert.EndsWith("found a date written in another way (declare its `format`)", parsed.Rejects[0].Reason, StringComparison.Ordinal);
        Assert.EndsWith("found a date and time without a zone", parsed.Rejects[1].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AColumnIsFoundByItsPosition()
    {
        var parsed = await ParseAsync("a,b,c\n1,2,3\n",
            new() { Name = "third", Type = ColumnType.Int64, Position = 3 }, new() { Name = "a", Type = ColumnType.Int64 }, new() { Name = "second", Type = ColumnType.String, Position = 2 });
        Assert.Equal([["3", "1", "2"]], parsed.Rows);
    }

    [Fact]
    public async Task WithoutAHeaderTheOtherColumnsTakeThePlacesLeft()
    {
        var parsed = await ParseAsync(new CsvOptions { Header = false }, "1,2,3\n4,5,6\n",
            new() { Name = "third", Type = ColumnType.Int64, Position = 3 }, new() { Name = "first", Type = ColumnType.Int64 }, new() { Name = "second", Type = ColumnType.String });
        Assert.Equal([["3", "1", "2"], ["6", "4", "5"]], parsed.Rows);
    }

    [Fact]
    public async Task APositionNamesAnInferredColumnsExceptionToo()
    {
        var options = new CsvOptions { Schema = CsvSchemaMode.Infer, Columns = [new() { Name = "code", Type = ColumnType.String, Position = 2 }] };
        var parsed = await Csv.ParseAsync(Encoding.UTF8.GetBytes("n,whatever it is called\n1,2\n"), options: options);
        Assert.Equal(["n", "code"], parsed.Schema.Columns.Select(c => c.Name));
        Assert.Equal([ColumnType.Int64, ColumnType.String], parsed.Schema.Columns.Select(c => c.Type));
        Assert.Equal([["1", "2"]], parsed.Rows);
    }

    [Fact]
    public async Task WhatWasInferredIsParsedAlikeWhoeverParsesIt()
    {
        const string Text = "d,n,e\n13/01/2024,\"1,234,567.5\",令和6年12月20日\n1/2/2024,\"2,000.25\",平成元年1月8日\n";
        var inferred = (await Csv.InferAsync(Text)).Schema;
        // As another machine gets it: by the manifest.
        var carried = System.Text.Json.JsonSerializer.Deserialize<TableSchema>(ManifestJson.Serialize(inferred), ManifestJson.Options)!;
        Assert.Equal(inferred, carried);
        Assert.NotEqual(ManifestJson.Digest(inferred), ManifestJson.Digest(new TableSchema([.. inferred.Columns.Select(c => c with { Format = null })])));
        var parsed = await Csv.ParseAsync(Text, carried);
        Assert.Equal([["2024-01-13", "1234567.5", "2024-12-20"], ["2024-02-01", "2000.25", "1989-01-08"]], parsed.Rows);
    }

    [Theory]
    [InlineData(ColumnType.Date, "dd/mm/yyyy", null, null, "the month, m the minute")]
    [InlineData(ColumnType.Int64, "yyyy", null, null, "goes with DATE")]
    [InlineData(ColumnType.Timestamp, "yyyy-MM-dd HH:mm", null, null, "state time_zone")]
    [InlineData(ColumnType.Timestamp, null, "Asia/Tokio", null, "no time zone called Asia/Tokio")]
    [InlineData(ColumnType.Date, null, "Asia/Tokyo", null, "goes with TIMESTAMP")]
    [InlineData(ColumnType.String, null, null, ",", "go with numbers, not with STRING")]
    [InlineData(ColumnType.Numeric, null, null, ".", "must differ")]
    public void AMistakeIsNamedBeforeAnythingIsRead(ColumnType type, string? format, string? zone, string? grouping, string problem)
    {
        var options = new CsvOptions { Columns = [new() { Name = "c", Type = type, Format = format, TimeZone = zone, Grouping = grouping }] };
        Assert.Contains(problem, Assert.Throws<DataException>(() => new CsvParser(options)).Message, StringComparison.Ordinal);
    }

    private static Task<Parsed> ParseAsync(string text, params CsvColumnOptions[] columns) => ParseAsync(new CsvOptions(), text, columns);

    private static Task<Parsed> ParseAsync(CsvOptions options, string text, params CsvColumnOptions[] columns) =>
        Csv.ParseAsync(Encoding.UTF8.GetBytes(text), options: options with { Columns = columns });
}
