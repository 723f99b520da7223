using Etl.Core.Contracts;
using Etl.Core.Engine;
using Etl.Core.Errors;
using Etl.Core.State;
using Etl.TestSupport;
using Xunit;

namespace Etl.Core.Tests.Engine;

public sealed class IncrementalTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);
    private readonly PipelineBuilder pipeline = new();

    private StateChanges Changes => new(pipeline.Build(), new LeaseTerms());

    public IncrementalTests() => pipeline.Source.Put("b/2026-11-24.txt", "1\n", Noon.AddDays(-1)).Put("b/2026-11-25.txt", "2\n", Noon);

    [Fact]
    public async Task AWatermarkOfKeysReadsWhatComesAfterTheLastKeyAndKeepsNoLedger()
    {
        pipeline.Incremental = new IncrementalOptions { Mode = IncrementalMode.Watermark };
        await pipeline.RunAsync();
        pipeline.Source.Put("b/2026-11-20.txt", "late\n").Put("b/2026-11-26.txt", "3\n");

        var summary = await pipeline.RunAsync();

        Assert.Equal(["1", "2", "3"], pipeline.Load.Rows.Order());
        Assert.Equal(3, summary.AlreadyLoaded);
        var status = await PipelineStatus.ReadAsync(pipeline.Build(), default);
        Assert.Equal(("memory://b/2026-11-26.txt", 0), (status.State.Watermark!.Key, status.Objects));
    }

    [Fact]
    public async Task AWatermarkOfTimesReadsLateObjectsWithinTheLookback()
    {
        pipeline.Incremental = new IncrementalOptions { Mode = IncrementalMode.Watermark, By = WatermarkBy.Modified, Lookback = new(TimeSpan.FromHours(2)) };
        await pipeline.RunAsync();
        pipeline.Source.Put("x/late.txt", "late\n", Noon.AddHours(-1)).Put("x/too-late.txt", "x\n", Noon.AddHours(-3)).Put("a/new.txt", "3\n", Noon.AddHours(1));

        await pipeline.RunAsync();
        await pipeline.RunAsync();

        Assert.Equal(["1", "2", "3", "late"], pipeline.Load.Rows.Order());
        var status = await PipelineStatus.ReadAsync(pipeline.Build(), default);
        Assert.Equal((Noon.AddHours(1), 3), (status.State.Watermark!.Modified, status.Objects));
    }

    [Fact]
    public async Task GoingFromLedgerToWatermarkAndBackLoadsNothingTwice()
    {
        await pipeline.RunAsync();
        pipeline.Source.Put("a/first.txt", "0\n");
        pipeline.Incremental = new IncrementalOptions { Mode = IncrementalMode.Watermark };
        await pipeline.RunAsync();
        await pipeline.RunAsync();
        pipeline.Incremental = new IncrementalOptions();
        pipeline.Source.Put("c.txt", "3\n");
        await pipeline.RunAsync();

        Assert.Equal(["0", "1", "2", "3"], pipeline.Load.Rows.Order());
    }

    [Fact]
    public async Task AWatermarkOfSomethingElseIsRefused()
    {
        pipeline.Incremental = new IncrementalOptions { Mode = IncrementalMode.Watermark };
        await pipeline.RunAsync();
        pipeline.Incremental = pipeline.Incremental with { By = WatermarkBy.Modified };

        Assert.Contains("watermark is of key", (await Assert.ThrowsAsync<DataException>(() => pipeline.RunAsync())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AChangedObjectCanBeLeftOutWithANote()
    {
        pipeline.Incremental = new IncrementalOptions { Changed = ChangedObject.Skip };
        await pipeline.RunAsync();
        pipeline.Source.Put("b/2026-11-25.txt", "two\n").Put("c.txt", "3\n");

        var summary = await pipeline.RunAsync();

        Assert.Equal(["1", "2", "3"], pipeline.Load.Rows.Order());
        Assert.Contains(summary.Notes, n => n.StartsWith("1 object changed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task WhatIsMarkedAsLoadedIsNotRead()
    {
        var marked = await Changes.MarkLoadedAsync(o => o.Uri.Contains("24", StringComparison.Ordinal), default);
        await pipeline.RunAsync();

        Assert.Equal(1, marked);
        Assert.Equal(["2"], pipeline.Load.Rows);
    }

    [Theory]
    [InlineData(IncrementalMode.Objects)]
    [InlineData(IncrementalMode.Watermark)]
    public async Task ABackfillLoadsTheChosenObjectsOnceMore(IncrementalMode mode)
    {
        pipeline.Incremental = new IncrementalOptions { Mode = mode };
        await pipeline.RunAsync();

        var again = await Changes.LoadAgainAsync(o => o.Uri.Contains("24", StringComparison.Ordinal), _ => true, default);
        await pipeline.RunAsync();
        await pipeline.RunAsync();

        Assert.Equal("memory://b/2026-11-24.txt", Assert.Single(again).Uri);
        Assert.Equal(["1", "1", "2"], pipeline.Load.Rows.Order());
    }

    [Fact]
    public async Task ABackfillThatIsNotConfirmedChangesNothing()
    {
        await pipeline.RunAsync();

        await Changes.LoadAgainAsync(_ => true, _ => false, default);

        Assert.Null((await pipeline.RunAsync()).Run);
    }

    [Fact]
    public async Task AfterAResetTheSameObjectsAreAnotherRunAndAreLoadedAgain()
    {
        await pipeline.RunAsync();
        await Changes.ResetAsync(onlyOpenRun: false, default);
        await pipeline.RunAsync();

        Assert.Equal(["1", "1", "2", "2"], pipeline.Load.Rows.Order());
        Assert.Equal(2, pipeline.Load.Commits.Distinct().Count());
    }

    [Fact]
    public async Task WhileARunIsLeftLoadingTheLedgerIsNotChangedByHand()
    {
        pipeline.Load.AfterLoad = () => throw new ServiceException("the connection broke", transient: false);
        await Assert.ThrowsAsync<ServiceException>(() => pipeline.RunAsync());

        Assert.Contains("Finish it first", (await Assert.ThrowsAsync<DataException>(() => Changes.MarkLoadedAsync(_ => true, default))).Message, StringComparison.Ordinal);
        Assert.Contains("Finish it first", (await Assert.ThrowsAsync<DataException>(() => Changes.LoadAgainAsync(_ => true, _ => true, default))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task APipelineThatReplacesItsTableHasNothingToMark()
    {
        pipeline.Load.Write = WriteDisposition.Replace;

        await Assert.ThrowsAsync<DataException>(() => Changes.MarkLoadedAsync(_ => true, default));
    }
}
