using Apache.Arrow;
using Etl.Core.Contracts;
using Etl.Core.Rows;
using Etl.Core.Schemas;
using Etl.TestSupport;
using Xunit;

namespace Etl.Core.Tests.Engine;

/// <summary>What becomes of rows that a transform rejects or leaves out.</summary>
public sealed class TransformRejectsTests
{
    private readonly PipelineBuilder pipeline = new() { Rejects = RejectLimit.Parse("100%", null) };

    [Fact]
    public async Task EveryRowIsLoadedRejectedOrFiltered()
    {
        pipeline.Transforms.AddRange([new Refusing("no", names: true), new Leaving("out", names: true), new Refusing("neither", names: true)]);
        pipeline.Source.Put("a", "1\nno\nout\nneither\nbad\n2\nno\n3\n");

        var summary = await pipeline.RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["1", "2", "3"], pipeline.Load.Rows);
        Assert.Equal((8, 3, 4, 1), ((int)summary.Rows.Read!, (int)summary.Rows.Staged!, (int)summary.Rows.Rejected!, (int)summary.Rows.Filtered!));
        Assert.Equal([(2, 2), (4, 9), (5, 17), (7, 23)], (await LettersAsync(summary.Run!.RunId)).Select(l => ((int)l.Line, (int)l.ByteOffset)).Order());
    }

    [Fact]
    public async Task ALineIsNotKnownAfterATransformThatLeavesOutRowsUnnamed()
    {
        pipeline.Transforms.AddRange([new Leaving("out", names: false), new Refusing("no", names: true)]);
        pipeline.Source.Put("a", "out\nno\n1\nno\n2\n3\n");

        var summary = await pipeline.RunAsync(TestContext.Current.CancellationToken);

        // Three rows a batch: of the second one, nothing is left out.
        Assert.Equal([0, 4], (await LettersAsync(summary.Run!.RunId)).Select(l => (int)l.Line));
    }

    [Fact]
    public async Task RejectedRowsOfTransformsCountForTheLimit()
    {
        pipeline.Rejects = RejectLimit.Parse("1", null);
        pipeline.Transforms.Add(new Refusing("no", names: true));
        pipeline.Source.Put("a", "no\nno\n1\n");
        await Assert.ThrowsAsync<Core.Errors.DataException>(() => pipeline.RunAsync(TestContext.Current.CancellationToken));
        Assert.Empty(pipeline.Load.Rows);
    }

    private async Task<List<Reject>> LettersAsync(string run) =>
        await Core.Engine.DeadLetters.ReadAsync(pipeline.Build(), run, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

    private sealed class Refusing(string text, bool names) : Dropping(text, names)
    {
        protected override void Drop(RecordBatch batch, int row, TransformInput input) => input.Reject(batch, row, "line", "", "said no", "type");
    }

    private sealed class Leaving(string text, bool names) : Dropping(text, names)
    {
        protected override void Drop(RecordBatch batch, int row, TransformInput input)
        {
        }
    }

    private abstract class Dropping(string text, bool names) : ITransform
    {
        public BoundTransform Bind(TableSchema input) => new(input, begun => batch => Apply(batch, begun)) { WantsPlaces = true };

        protected abstract void Drop(RecordBatch batch, int row, TransformInput input);

        private RecordBatch Apply(RecordBatch batch, TransformInput begun)
        {
            var kept = new List<int>();
            for (var row = 0; row < batch.Length; row++)
                if (((StringArray)batch.Column(0)).GetString(row) == text) Drop(batch, row, begun);
                else kept.Add(row);
            if (names) begun.Keep([.. kept]);
            return RowTake.From(batch, [.. kept]);
        }
    }
}
