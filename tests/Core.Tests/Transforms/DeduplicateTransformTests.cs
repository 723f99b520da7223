using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Schemas;
using Etl.Core.Transforms;
using Etl.Testing;
using Etl.TestSupport;
using Xunit;

namespace Etl.Core.Tests.Transforms;

public sealed class DeduplicateTransformTests
{
    private static readonly TableSchema Schema = new([new("id", ColumnType.Int64), new("note", ColumnType.String)]);

    [Fact]
    public void TheFirstRowOfAKeyStaysAcrossBatches()
    {
        var begun = Bind("ID").Begin(new TransformInput("memory://a"));
        using var first = begun(Batches.Of(Schema, Batches.Int64(1, 2, 1, null), Batches.Text("a", "b", "c", "d")));
        using var second = begun(Batches.Of(Schema, Batches.Int64(2, 3, null), Batches.Text("e", "f", "g")));
        Assert.Equal(["1|a", "2|b", "NULL|d"], first.Rows());
        Assert.Equal(["3|f"], second.Rows());
    }

    [Fact]
    public void WithoutColumnsRowsAreTheSameThatAreTheSameInAllOfTheData()
    {
        var schema = new TableSchema([.. Schema.Columns, new("line", ColumnType.Int64) { Metadata = RowOrigin.Line }]);
        using var batch = new DeduplicateTransform(new DeduplicateOptions()).Bind(schema).Apply(Batches.Of(schema, Batches.Int64(1, 1, 1), Batches.Text("a", "b", "a"), Batches.Int64(1, 2, 3)));
        Assert.Equal(["1|a|1", "1|b|2"], batch.Rows());
    }

    [Fact]
    public void EachSplitBeginsAnew()
    {
        var bound = Bind("id");
        for (var i = 0; i < 2; i++)
        {
            using var batch = bound.Apply(Batches.Of(Schema, Batches.Int64(1), Batches.Text("a")));
            Assert.Equal(1, batch.Length);
        }
    }

    [Fact]
    public void AnUnknownColumnIsRefused() => Assert.Contains("Did you mean id?", Assert.Throws<DataException>(() => Bind("idd")).Message, StringComparison.Ordinal);

    [Fact]
    public async Task ObjectsAreReadWholeAndRowsLeftOutAreCounted()
    {
        var pipeline = new PipelineBuilder { SplitBytes = 10 };
        pipeline.Transforms.Add(new DeduplicateTransform(new DeduplicateOptions { By = ["line"] }));
        pipeline.Source.Put("a", string.Concat(Enumerable.Range(0, 60).Select(i => $"{i % 7}\n"))).Put("b", "0\n1\nx\n");

        var summary = await pipeline.RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(2, summary.Run!.Splits.Count);
        Assert.Equal(["0", "1", "2", "3", "4", "5", "6", "0", "1", "x"], pipeline.Load.Rows);
        Assert.Equal((63, 10, 0, 53), ((int)summary.Rows.Read!, (int)summary.Rows.Staged!, (int)summary.Rows.Rejected!, (int)summary.Rows.Filtered!));
    }

    private static BoundTransform Bind(params string[] by) => new DeduplicateTransform(new DeduplicateOptions { By = by }).Bind(Schema);
}
