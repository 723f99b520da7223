using System.Text;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Schemas;
using Etl.Csv;
using Xunit;

namespace Etl.Json.Tests;

public sealed class InferenceTests
{
    [Theory]
    [InlineData("1,2,null", ColumnType.Int64)]
    [InlineData("1,2.5", ColumnType.Numeric)]
    [InlineData("1,2.00000000001", ColumnType.BigNumeric)]
    [InlineData("1,2e3", ColumnType.Float64)]
    [InlineData("9223372036854775808", ColumnType.String)]
    [InlineData("true,false", ColumnType.Bool)]
    [InlineData("\"2024-01-31\",\"2024-02-29\"", ColumnType.Date)]
    [InlineData("\"2024-01-31T09:30:00\"", ColumnType.DateTime)]
    [InlineData("\"2024-01-31T09:30:00Z\",\"2024-01-31T09:30:00.5+09:00\"", ColumnType.Timestamp)]
    [InlineData("\"09:30:00\"", ColumnType.Time)]
    [InlineData("\"1\",\"2\"", ColumnType.String)]
    [InlineData("1,\"2\"", ColumnType.String)]
    [InlineData("\"true\"", ColumnType.String)]
    [InlineData("{\"a\":1},[1,2]", ColumnType.String)]
    [InlineData("1,{\"a\":1}", ColumnType.String)]
    [InlineData("null", ColumnType.String)]
    [InlineData("\"\",\"2024-01-31\"", ColumnType.Date)]
    public async Task AKeysTypeIsTheNarrowestThatEveryValueFits(string values, ColumnType expected)
    {
        var lines = string.Concat(Split(values).Select(v => $"{{\"v\":{v}}}\n"));

        var column = (await Ndjson.InferAsync(lines)).Schema.Columns.Single();

        Assert.Equal(("v", expected, true), (column.Name, column.Type, column.Nullable));
    }

    [Fact]
    public async Task ColumnsAreTheKeysInTheOrderTheyAreMet()
    {
        var found = await Ndjson.InferAsync("{\"b\":1,\"a\":\"x\"}\n{\"a\":\"y\",\"new key\":2,\"\\u0062\":3}\n");

        Assert.Equal(["b", "a", "new_key"], found.Schema.Columns.Select(c => c.Name));
        Assert.Equal([null, null, "new key"], found.Schema.Columns.Select(c => c.SourceName));
        Assert.Equal(["new_key"], found.Gaps);
    }

    [Fact]
    public async Task KeysThatDifferOnlyInCaseAreTwoColumns() =>
        Assert.Equal(["id", "ID_2"], (await Ndjson.InferAsync("{\"id\":1,\"ID\":2}\n")).Schema.Columns.Select(c => c.Name));

    [Fact]
    public async Task EachTypeIsExplainedAndWhatCouldBeDeclaredIsSaid()
    {
        var found = await Ndjson.InferAsync("{\"n\":\"12\",\"o\":{\"x\":1},\"d\":1}\n{\"n\":\"13\",\"d\":1.5}\n");

        Assert.Equal(["every value is a number written as text", "every value is an object or a list", "decimal numbers, the first that is not whole"], found.Findings.Select(f => f.Why));
        Assert.Equal("type: INT64", found.Findings[0].Hint!.Keys);
        Assert.Equal((2, 1), (found.Findings[1].Values, found.Findings[1].Empty));
        Assert.Equal(("1.5", "line 2"), (found.Findings[2].Example!.Value, found.Findings[2].Example!.Position));
    }

    [Fact]
    public async Task LinesThatAreNoObjectAreNoEvidence() =>
        Assert.Equal(ColumnType.Int64, (await Ndjson.InferAsync("{\"v\":1}\n{\"v\":\"text\"\n[\"v\"]\n7\n\n{\"v\":2}")).Schema.Columns.Single().Type);

    [Fact]
    public async Task TheLineThatTheSampleCutsIsNoEvidence()
    {
        var found = await Ndjson.InferAsync("{\"v\":1}\n{\"v\":\"te", complete: false);

        Assert.Equal((ColumnType.Int64, true), (found.Schema.Columns.Single().Type, found.Schema.Columns.Single().IsGuess));
    }

    [Fact]
    public async Task APieceOfTheMiddleSpeaksFromItsFirstWholeLineOn()
    {
        var start = new Sample(Ndjson.Object(1_000), null, "{\"v\":1}\n"u8.ToArray(), false) { IsPlain = true };
        var later = new Sample(Ndjson.Object(1_000), null, "\"text\"}\n{\"v\":2.5}\n{\"v\":\"te"u8.ToArray(), false) { Offset = 500, IsPlain = true };

        Assert.Equal(ColumnType.Numeric, (await Ndjson.InferAsync(null, start, later)).Schema.Columns.Single().Type);
    }

    [Fact]
    public async Task AllOfAnObjectIsLookedAtWhenItIsThere()
    {
        var rest = new MemoryStream(Encoding.UTF8.GetBytes("\":2}\n" + string.Concat(Enumerable.Repeat("{\"v\":3}\n", 100_000)) + "{\"v\":\"x\"}"));
        var found = await Ndjson.InferAsync(null, new Sample(Ndjson.Object(), null, "{\"v\":1}\n{\"v"u8.ToArray(), false) { Rest = rest });

        Assert.Equal(("100,002 of 100,003 values are a whole number, but 1 is text", false), (found.Findings.Single().Why, found.Schema.Columns.Single().IsGuess));
        Assert.True(found.IsWhole);
    }

    [Theory]
    [InlineData("[{\"v\":1},\n{\"v\":2}]", "is one JSON array")]
    [InlineData("{\n  \"v\": 1\n}\n", "one whole object a line")]
    [InlineData("", "nothing to learn the columns from")]
    [InlineData("{}\n{}\n", "nothing to learn the columns from")]
    public async Task WhatIsNoNdjsonIsRefusedInWords(string text, string words) =>
        Assert.Contains(words, (await Assert.ThrowsAnyAsync<DataException>(() => Ndjson.InferAsync(text))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Utf16IsRefusedInWords()
    {
        var sample = new Sample(Ndjson.Object(), null, Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("{\"v\":1}\n")).ToArray(), true);

        Assert.Contains("UTF-16", (await Assert.ThrowsAsync<DataException>(() => Ndjson.InferAsync(null, sample))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ADeclaredColumnIsAnExceptionToWhatIsInferred()
    {
        var options = new NdjsonOptions { Schema = CsvSchemaMode.Infer, Columns = [new CsvColumnOptions { Name = "number", Source = "n", Type = ColumnType.Int64 }] };

        var found = await Ndjson.InferAsync("{\"n\":\"1\",\"d\":\"2024-01-31\"}\n", options);

        Assert.Equal([("number", ColumnType.Int64, "n"), ("d", ColumnType.Date, null)], found.Schema.Columns.Select(c => (c.Name, c.Type, c.SourceName)));
        Assert.Equal(["1|2024-01-31"], (await Ndjson.ParseAsync("{\"n\":\"1\",\"d\":\"2024-01-31\"}\n", found.Schema, options)).Rows);
    }

    private static IEnumerable<string> Split(string values) => values.Contains('{', StringComparison.Ordinal) ? values.Split(",", 2) : values.Split(',');
}
