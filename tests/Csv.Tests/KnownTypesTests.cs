using Etl.Core.Contracts;
using Etl.Core.Runs;
using Etl.Core.Schemas;
using Etl.TestSupport;

namespace Etl.Csv.Tests;

/// <summary>Objects that come later keep to the types of those that were loaded before.</summary>
public sealed class KnownTypesTests
{
    [Theory]
    [InlineData("A1", "7", ColumnType.String)]
    [InlineData("1.5", "7", ColumnType.Numeric)]
    [InlineData("1e300", "7", ColumnType.Float64)]
    [InlineData("2024-01-31", "2024-02-01", ColumnType.Date)]
    [InlineData("not yet", "2024-02-01", ColumnType.String)]
    public async Task WhatWasLoadedBeforeIsTheTypeOfWhatComesNext(string before, string after, ColumnType type)
    {
        var pipeline = Create(new CsvOptions());
        pipeline.Source.Put("1.csv", $"id,code\n1,{before}\n2,{before}\n");
        Assert.Equal(type, Code(await pipeline.RunAsync(TestContext.Current.CancellationToken)));

        pipeline.Source.Put("2.csv", $"id,code\n3,{after}\n4,{after}\n");
        var second = await pipeline.RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(type, Code(second));
        Assert.Equal(new RowCounts(2, 2, 0, 0), second.Rows);
        Assert.Equal(4, pipeline.Load.Rows.Count);
    }

    [Fact]
    public async Task AColumnThatAnObjectDoesNotHaveIsRemembered()
    {
        var pipeline = Create(new CsvOptions());
        foreach (var (name, text) in new[] { ("1.csv", "id,code\n1,A1\n"), ("2.csv", "id\n2\n"), ("3.csv", "id,code\n3,33\n") })
        {
            pipeline.Source.Put(name, text);
            await pipeline.RunAsync(TestContext.Current.CancellationToken);
        }

        pipeline.Source.Put("4.csv", "id,code\n4,44\n");
        Assert.Equal(ColumnType.String, Code(await pipeline.RunAsync(TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task ADeclaredTypeStays()
    {
        var pipeline = Create(new CsvOptions());
        pipeline.Source.Put("1.csv", "id,code\n1,A1\n");
        await pipeline.RunAsync(TestContext.Current.CancellationToken);

        pipeline.Parser = new CsvParser(new CsvOptions { Schema = CsvSchemaMode.Infer, Columns = [new CsvColumnOptions { Name = "code", Type = ColumnType.Int64 }] });
        pipeline.Source.Put("2.csv", "id,code\n3,7\n");
        Assert.Equal(ColumnType.Int64, Code(await pipeline.RunAsync(TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task ALoadThatReplacesTheTableReplacesItsTypes()
    {
        var pipeline = Create(new CsvOptions());
        pipeline.Load.Write = WriteDisposition.Replace;
        pipeline.Source.Put("1.csv", "id,code\n1,A1\n");
        await pipeline.RunAsync(TestContext.Current.CancellationToken);

        pipeline.Source.Put("1.csv", "id,code\n1,7\n");
        Assert.Equal(ColumnType.Int64, Code(await pipeline.RunAsync(TestContext.Current.CancellationToken)));
    }

    private static PipelineBuilder Create(CsvOptions options) => new() { Parser = new CsvParser(options), Encoder = new RowEncoder() };

    private static ColumnType Code(RunSummary summary) => summary.Run!.SourceSchema.Columns.Single(c => c.Name == "code").Type;
}
