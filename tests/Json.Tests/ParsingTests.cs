using System.Text;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Schemas;
using Etl.Csv;
using Xunit;

namespace Etl.Json.Tests;

public sealed class ParsingTests
{
    [Fact]
    public async Task ADamagedLineWithAKeyThatNoColumnHasIsADeadLetterAndBreaksNoSchema()
    {
        var parsed = await Ndjson.ParseAsync("{\"id\":1}\n{\"id\":2,\"new\":3,\n", Ndjson.Schema(("id", ColumnType.Int64)));

        Assert.Equal(["1"], parsed.Rows);
        Assert.Equal("malformed", Assert.Single(parsed.Rejects).Kind);
    }

    [Fact]
    public async Task EveryTypeIsReadAsItIsWritten()
    {
        var parsed = await Ndjson.ParseAsync("""
            {"i":-9223372036854775808,"n":12.50,"f":1e-3,"b":true,"d":"2024-01-31","t":"2024-01-31T09:30:00+09:00","s":"a \"b\" \u65e5 \ud83d\ude00"}
            {"i":7,"n":0.1,"f":2.5E3,"b":false,"d":"2024-02-29","t":"2024-01-31T09:30:00Z","s":""}
            {}
            """);

        Assert.Equal(
        [
            "-9223372036854775808|12.5|0.001|true|2024-01-31|2024-01-31T00:30:00.000000|a \"b\" 日 😀",
            "7|0.1|2500|false|2024-02-29|2024-01-31T09:30:00.000000|",
            "NULL|NULL|NULL|NULL|NULL|NULL|NULL",
        ], parsed.Rows);
        Assert.Empty(parsed.Rejects);
    }

    [Fact]
    public async Task NestedValuesStayTheirJsonText() =>
        Assert.Equal(["{\"a\": [1, {\"b\":null}]}", "[ ]", "text", "7", "NULL"],
            (await Ndjson.ParseAsync("{\"v\":{\"a\": [1, {\"b\":null}]}}\n{\"v\":[ ]}\n{\"v\":\"text\"}\n{\"v\":7}\n{\"v\":null}\n")).Rows);

    [Theory]
    [InlineData("{\"v\":1", "malformed")]
    [InlineData("{\"v\":1} {\"v\":2}", "malformed")]
    [InlineData("{\"v\":01}", "malformed")]
    [InlineData("{'v':1}", "malformed")]
    [InlineData("[1]", "malformed")]
    [InlineData("7", "malformed")]
    [InlineData("{\"v\":1,\"v\":2}", "duplicate-key")]
    [InlineData("{\"v\":\"\\ud800\"}", "encoding")]
    [InlineData("{\"v\":\"secret\"}", "type")]
    [InlineData("{\"v\":1.5}", "type")]
    [InlineData("{\"v\":{}}", "type")]
    public async Task ABrokenLineIsADeadLetterWithItsPlace(string line, string kind)
    {
        var parsed = await Ndjson.ParseAsync($"{{\"v\":1}}\n\n{line}\r\n{{\"v\":2}}", Ndjson.Schema(("v", ColumnType.Int64)));

        var reject = Assert.Single(parsed.Rejects);
        Assert.Equal(["1", "2"], parsed.Rows);
        Assert.Equal((Ndjson.Uri, 3, 9, kind, line + "\r"), (reject.Object, reject.Line, reject.ByteOffset, reject.Kind, reject.Row));
        Assert.DoesNotContain("secret", reject.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BytesThatAreNoUtf8AreADeadLetter()
    {
        var parsed = await Ndjson.ParseAsync([.. "{\"v\":\"a\"}\n{\"v\":\""u8, 0xFF, .. "\"}\n{\"v\":\"b\"}\n"u8], Ndjson.Schema(("v", ColumnType.String)));

        Assert.Equal(["a", "b"], parsed.Rows);
        Assert.Equal("encoding", Assert.Single(parsed.Rejects).Kind);
    }

    [Fact]
    public async Task NestingWithoutEndIsADeadLetter() =>
        Assert.Equal("malformed", Assert.Single((await Ndjson.ParseAsync("{\"v\":" + new string('[', 5_000) + "\n", Ndjson.Schema(("v", ColumnType.String)))).Rejects).Kind);

    [Fact]
    public async Task ALineBeyondTheLimitIsADeadLetterAndTheNextOneIsRead()
    {
        var text = $"{{\"v\":\"{new string('x', (16 << 20) + 10)}\"}}\n{{\"v\":\"a\"}}\n";

        var parsed = await Ndjson.ParseAsync(text, Ndjson.Schema(("v", ColumnType.String)));

        Assert.Equal(["a"], parsed.Rows);
        var reject = Assert.Single(parsed.Rejects);
        Assert.Equal((1, 64 << 10), (reject.Line, reject.Row.Length));
    }

    [Fact]
    public async Task LongLinesAndManyRowsAreAllRead()
    {
        var text = string.Concat(Enumerable.Range(0, 70_000).Select(i => $"{{\"i\":{i},\"s\":\"{new string('x', i % 5_000 == 7 ? 400_000 : i % 10)}\"}}\n"));

        var parsed = await Ndjson.ParseAsync(text);

        Assert.Equal(70_000, parsed.Rows.Count);
        Assert.All(parsed.Rows.Index(), r => Assert.StartsWith($"{r.Index}|", r.Item, StringComparison.Ordinal));
    }

    [Fact]
    public async Task AMissingValueWhereThereMustBeOneIsADeadLetter() =>
        Assert.Equal(["required", "required"], (await Ndjson.ParseAsync("{\"v\":1}\n{\"v\":null}\n{}\n", new TableSchema([new Column("v", ColumnType.Int64, Nullable: false)]))).Rejects.Select(r => r.Kind));

    [Fact]
    public async Task AValueThatBreaksAGuessedTypeHasTheColumnInferredAnew()
    {
        var schema = new TableSchema([new Column("v", ColumnType.Int64) { IsGuess = true }]);

        var broken = await Assert.ThrowsAsync<SchemaBrokenException>(() => Ndjson.ParseAsync("{\"v\":1}\n{\"v\":\"x\"}\n", schema));

        Assert.Equal((2, "v"), (broken.Line, broken.Column));
    }

    [Fact]
    public async Task AKeyThatNoSampleHasGoesTheContractsWay()
    {
        const string Text = "{\"v\":1,\"w\":2}\n{\"v\":3,\"w\":null}\n";
        var schema = Ndjson.Schema(("v", ColumnType.Int64));

        await Assert.ThrowsAsync<SchemaBrokenException>(() => Ndjson.ParseAsync(Text, schema));
        await Assert.ThrowsAsync<DataException>(() => Ndjson.ParseAsync(Text, schema, new NdjsonOptions { Contract = SchemaContract.Freeze }));
        var left = await Ndjson.ParseAsync(Text, schema, new NdjsonOptions { Contract = SchemaContract.DiscardColumn });
        var refused = await Ndjson.ParseAsync(Text, schema, new NdjsonOptions { Contract = SchemaContract.DiscardRow });

        Assert.Equal(["1", "3"], left.Rows);
        Assert.Equal(1, left.Tally.Discarded["w"]);
        Assert.Equal(["3"], refused.Rows);
        Assert.Equal("unknown-column", refused.Rejects.Single().Kind);
    }

    [Fact]
    public async Task AByteOrderMarkIsPassedOver() =>
        Assert.Equal(["1"], (await Ndjson.ParseAsync([.. Encoding.UTF8.GetPreamble(), .. "{\"v\":1}\n"u8])).Rows);

    [Fact]
    public async Task ADeclaredFormatIsRead() =>
        Assert.Equal(["2024-01-31"], (await Ndjson.ParseAsync("{\"v\":20240131}\n", options: new NdjsonOptions { Columns = [new CsvColumnOptions { Name = "v", Type = ColumnType.Date, Format = "yyyyMMdd" }] })).Rows);
}
