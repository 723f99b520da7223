using System.Text;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Runs;
using Etl.Core.Schemas;
using Etl.TestSupport;

namespace Etl.Csv.Tests;

/// <summary>What happens to a value that does not fit a type that was guessed from a sample.</summary>
public sealed class ContractTests
{
    private const string Sampled = "id,price,note\n1,1.5,a\n2,2.5,b\n3,3.5,c\n4,4.5,d\n5,5.5,e\n6,6.5,f\n";

    [Theory]
    [InlineData("7,secret,g", "price", "expected NUMERIC")]
    [InlineData("007,7.5,g", "id", "leading zero")]
    [InlineData("7.5,7.5,g", "id", "expected INT64")]
    [InlineData("7,1e5,g", "price", "expected NUMERIC")]
    public async Task AValueThatNoSampleHeldBreaksTheSchemaAndIsNamedByItsLine(string row, string column, string reason)
    {
        var broken = await Assert.ThrowsAsync<SchemaBrokenException>(() => ParseAsync(Sampled + row + "\n", new CsvOptions()));

        Assert.Equal((Csv.Uri, 8, column), (broken.ObjectName, broken.Line, broken.Column));
        Assert.Contains(reason, broken.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", broken.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnIdThatADoubleWouldRoundBreaksAGuessedFloat()
    {
        var sampled = Sampled.Replace("1.5", "1.5e3", StringComparison.Ordinal);

        Assert.Equal(ColumnType.Float64, (await GuessAsync(sampled, new CsvOptions())).Columns[1].Type);
        await Assert.ThrowsAsync<SchemaBrokenException>(() => ParseAsync(sampled, new CsvOptions(), "7,12345678901234567890,g\n"));
        Assert.Equal(7, (await ParseAsync(sampled, new CsvOptions(), "7,1234567890123456,g\n")).Rows.Count);
    }

    [Fact]
    public async Task WithDiscardRowTheRowIsRejected()
    {
        var parsed = await ParseAsync(Sampled + "x,7.5,g\n8,8.5,h\n", new CsvOptions { Contract = SchemaContract.DiscardRow });

        Assert.Equal(("type", 8L), (Assert.Single(parsed.Rejects).Kind, parsed.Rejects[0].Line));
        Assert.Equal(7, parsed.Rows.Count);
    }

    [Fact]
    public async Task WithFreezeTheRunFailsAndSaysWhatToDo()
    {
        var error = await Assert.ThrowsAsync<DataException>(() => ParseAsync(Sampled + "secret,7.5,g\n", new CsvOptions { Contract = SchemaContract.Freeze }));

        Assert.Contains("line 8, id: expected INT64", error.Message, StringComparison.Ordinal);
        Assert.Contains("contract: evolve", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x,7.5,g,h,i,j,k,l,m\n")] // too many fields
    [InlineData("x,\"7.5,g\n")] // a quote that is never closed
    public async Task ABrokenRowIsRejectedAndWidensNothing(string row)
    {
        var parsed = await ParseAsync(Sampled + row, new CsvOptions());

        Assert.Single(parsed.Rejects);
        Assert.Equal(6, parsed.Rows.Count);
    }

    [Fact]
    public async Task WhatWasDeclaredOrSeenWholeIsNoGuess()
    {
        var declared = new CsvOptions { Schema = CsvSchemaMode.Infer, Columns = [new CsvColumnOptions { Name = "id", Type = ColumnType.Int64 }] };

        Assert.Equal([false, true, false], (await GuessAsync(Sampled, declared)).Columns.Select(c => c.IsGuess));
        Assert.All((await Csv.InferAsync(Encoding.UTF8.GetBytes(Sampled))).Schema.Columns, c => Assert.False(c.IsGuess));
        Assert.Single((await ParseAsync(Sampled + "x,7.5,g\n", declared)).Rejects);
    }

    [Theory]
    [InlineData("-", "STRING")]
    [InlineData("N/A", "STRING")]
    [InlineData("12.25", "NUMERIC")]
    public async Task ARunWhoseSamplesWereLuckyEndsWithTheTypeOfAllRows(string odd, string type)
    {
        var text = new StringBuilder("id,total\n");
        for (var i = 0; text.Length < 7_000_000; i++)
            text.Append(i).Append(',').Append(i == 410_000 ? odd : "123").Append('\n');
        var rows = text.ToString().Count(c => c == '\n') - 1;
        var pipeline = new PipelineBuilder { Parser = new CsvParser(new CsvOptions()), Encoder = new RowEncoder(), SplitBytes = 1_000_000 };
        pipeline.Source.Put("a.csv", text.ToString());

        var summary = await pipeline.RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(new RowCounts(rows, rows, 0, 0), summary.Rows);
        Assert.Contains($"410000|{odd}", pipeline.Load.Rows);
        Assert.Equal(rows, pipeline.Load.Rows.Distinct().Count());
        Assert.Contains(summary.Notes, n => n.StartsWith($"total is {type} and not INT64, as the samples showed: memory://a.csv, line 410002: ", StringComparison.Ordinal));
        Assert.Single(pipeline.Load.Commits);
    }

    private static async Task<TableSchema> GuessAsync(string sampled, CsvOptions options) => (await Csv.InferAsync(Encoding.UTF8.GetBytes(sampled), options, complete: false)).Schema;

    private static Task<Parsed> ParseAsync(string text, CsvOptions options) => ParseAsync(Sampled, options, text[Sampled.Length..]);

    private static async Task<Parsed> ParseAsync(string sampled, CsvOptions options, string rest) => await Csv.ParseAsync(sampled + rest, await GuessAsync(sampled, options), options);
}
