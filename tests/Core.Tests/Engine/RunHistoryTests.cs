using Etl.Core.Engine;
using Etl.TestSupport;
using Xunit;

namespace Etl.Core.Tests.Engine;

public sealed class RunHistoryTests
{
    private readonly PipelineBuilder pipeline = new();

    [Fact]
    public async Task TheLastRunComesFirstWithWhatItDid()
    {
        pipeline.Source.Put("a.txt", "1\n2\n");
        var first = await pipeline.RunAsync();
        pipeline.Source.Put("b.txt", "3\n").Put("c.txt", "4\n");
        var second = await pipeline.RunAsync();

        var reports = await RunHistory.ReadAsync(pipeline.Build(), 10, default);

        Assert.Equal([second.Run!.RunId, first.Run!.RunId], reports.Select(r => r.Run));
        Assert.Equal((2, 2L, 2L), (reports[0].Objects, reports[0].Rows.Read, reports[0].Loads[0].Rows));
        Assert.True(reports[0].BytesRead > 0 && reports[0].BytesStaged > 0);
        Assert.Equal(["commit", "plan", "stage"], reports[0].Seconds.Keys.Order());
        Assert.Single(await RunHistory.ReadAsync(pipeline.Build(), 1, default));
    }

    [Fact]
    public async Task ARunWithNothingNewLeavesNoTrace()
    {
        pipeline.Source.Put("a.txt", "1\n");
        await pipeline.RunAsync();
        await pipeline.RunAsync();

        Assert.Single(await RunHistory.ReadAsync(pipeline.Build(), 10, default));
    }

    [Fact]
    public async Task ItEndsWhereARunWasRemoved()
    {
        pipeline.Source.Put("a.txt", "1\n");
        await pipeline.RunAsync();
        pipeline.Source.Put("b.txt", "2\n");
        var last = await pipeline.RunAsync();
        await foreach (var document in pipeline.State.ListAsync("lines/runs/", default))
            if (!document.Name.Contains(last.Run!.RunId, StringComparison.Ordinal)) await pipeline.State.DeleteAsync(document, default);

        Assert.Equal([last.Run!.RunId], (await RunHistory.ReadAsync(pipeline.Build(), 10, default)).Select(r => r.Run));
    }

    [Fact]
    public async Task APipelineThatNeverRanHasNone() => Assert.Empty(await RunHistory.ReadAsync(pipeline.Build(), 10, default));
}
