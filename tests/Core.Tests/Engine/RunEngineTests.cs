using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Runs;
using Etl.TestSupport;
using Xunit;

namespace Etl.Core.Tests.Engine;

public sealed class RunEngineTests
{
    private static readonly string[] AllRows = ["1", "2", "3", "4", "5"];
    private readonly PipelineBuilder pipeline = new();

    public RunEngineTests() => pipeline.Source.Put("a.txt", "1\n2\n3\n4\n").Put("b.txt", "5\n");

    [Fact]
    public async Task ARunLoadsEveryRowOnce()
    {
        var summary = await pipeline.RunAsync();

        Assert.Equal(AllRows, pipeline.Load.Rows.Order());
        Assert.Equal(new RowCounts(5, 5, 0, 0), summary.Rows);
        Assert.Equal(2, summary.Receipts.Count);
        Assert.Equal([RunPhase.Plan, RunPhase.Stage, RunPhase.Commit], summary.Phases.Select(p => p.Phase));
    }

    [Fact]
    public async Task ObjectsThatWereLoadedAreNotReadAgain()
    {
        await pipeline.RunAsync();
        var opens = pipeline.Source.Opens;
        pipeline.Source.Put("c.txt", "6\n");

        var summary = await pipeline.RunAsync();

        Assert.Equal([.. AllRows, "6"], pipeline.Load.Rows.Order());
        Assert.Equal(2, summary.AlreadyLoaded);
        Assert.Equal(opens + 2, pipeline.Source.Opens); // one sample, one read
    }

    [Fact]
    public async Task WithNothingNewNothingIsLoaded()
    {
        await pipeline.RunAsync();

        var summary = await pipeline.RunAsync();

        Assert.Null(summary.Run);
        Assert.Equal(2, summary.AlreadyLoaded);
        Assert.Single(pipeline.Load.Commits);
    }

    [Fact]
    public async Task WithNoObjectAtAllTheRunSaysSo()
    {
        pipeline.OtherSource = new MemorySource();

        var summary = await pipeline.RunAsync();

        Assert.Null(summary.Run);
        Assert.Contains("No object matched", Assert.Single(summary.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenTheLoadFailsTheLedgerStays()
    {
        pipeline.Load.BeforeLoad = () => throw new ServiceException("the warehouse is away", transient: false);

        await Assert.ThrowsAsync<ServiceException>(() => pipeline.RunAsync());
        pipeline.Load.BeforeLoad = null;
        var summary = await pipeline.RunAsync();

        Assert.True(summary.Resumed);
        Assert.Equal(AllRows, pipeline.Load.Rows.Order());
    }

    [Fact]
    public async Task WhenTheAnswerOfALoadIsLostTheNextRunDoesNotLoadTwice()
    {
        pipeline.Load.AfterLoad = () => throw new ServiceException("the connection broke", transient: false);

        await Assert.ThrowsAsync<ServiceException>(() => pipeline.RunAsync());
        pipeline.Load.AfterLoad = null;
        pipeline.Source.Put("c.txt", "6\n");
        await pipeline.RunAsync();
        await pipeline.RunAsync();

        Assert.Equal([.. AllRows, "6"], pipeline.Load.Rows.Order());
        Assert.Equal(pipeline.Load.Commits[0], pipeline.Load.Commits[1]);
    }

    [Fact]
    public async Task ARunThatDiedWhileStagingGoesOnWithWhatHasAReceipt()
    {
        pipeline.Staging.OnWrite = name =>
        {
            if (name.Contains("split-000001", StringComparison.Ordinal)) throw new ServiceException("the disk is full", transient: false);
        };
        await Assert.ThrowsAsync<ServiceException>(() => pipeline.RunAsync());
        var receipts = pipeline.State.Names.Count(n => n.Contains("/receipts/", StringComparison.Ordinal));
        var writes = pipeline.Staging.Writes;
        pipeline.Staging.OnWrite = null;

        var summary = await pipeline.RunAsync();

        Assert.True(summary.Resumed);
        Assert.Equal(2 - receipts, pipeline.Staging.Writes - writes);
        Assert.Equal(AllRows, pipeline.Load.Rows.Order());
    }

    [Fact]
    public async Task PlanningTheSameInputTwiceGivesTheSameRun()
    {
        pipeline.Load.BeforeLoad = () => throw new ServiceException("no", transient: false);
        await Assert.ThrowsAsync<ServiceException>(() => pipeline.RunAsync());

        var other = new PipelineBuilder();
        other.Source.Put("a.txt", "1\n2\n3\n4\n").Put("b.txt", "5\n");
        var summary = await other.RunAsync();

        Assert.Contains(pipeline.State.Names, n => n == $"lines/runs/{summary.Run!.RunId}/manifest.json");
    }

    [Fact]
    public async Task AnObjectThatChangedAfterItWasLoadedIsNotLoadedAgain()
    {
        await pipeline.RunAsync();
        pipeline.Source.Put("a.txt", "1\nx\n");

        var error = await Assert.ThrowsAsync<DataException>(() => pipeline.RunAsync());

        Assert.Contains("memory://a.txt changed", error.Message, StringComparison.Ordinal);
        Assert.Equal(AllRows, pipeline.Load.Rows.Order());
    }

    [Fact]
    public async Task AReplacingPipelineReadsEverythingEachTime()
    {
        pipeline.Load.Write = WriteDisposition.Replace;
        await pipeline.RunAsync();
        pipeline.Source.Put("a.txt", "x\n");
        await pipeline.RunAsync();
        pipeline.Source.Put("a.txt", "1\n2\n3\n4\n");

        await pipeline.RunAsync();

        Assert.Equal(AllRows, pipeline.Load.Rows.Order());
        Assert.Equal(3, pipeline.Load.Commits.Distinct().Count());
    }

    [Fact]
    public async Task RejectedRowsAreKeptWithTheirReasonAndCounted()
    {
        pipeline.Rejects = RejectLimit.Parse("1", null);
        pipeline.Source.Put("c.txt", "6\nbad\n7\n");

        var summary = await pipeline.RunAsync();

        Assert.Equal(new RowCounts(8, 7, 1, 0), summary.Rows);
        var file = Assert.Single(summary.Receipts.SelectMany(r => r.DeadLetters));
        Assert.Contains("\"reason\":\"said bad\"", pipeline.State.Text(file["memory://".Length..]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("10%")]
    public async Task TooManyRejectedRowsFailTheRunBeforeAnythingIsLoaded(string limit)
    {
        pipeline.Rejects = RejectLimit.Parse(limit, null);
        pipeline.Source.Put("c.txt", "6\nbad\n7\n");

        var error = await Assert.ThrowsAsync<DataException>(() => pipeline.RunAsync());

        Assert.Contains("dead-letters/split-000002-000.ndjson", error.Message, StringComparison.Ordinal);
        Assert.Empty(pipeline.Load.Rows);
        Assert.Empty(pipeline.Load.Commits);
    }

    [Fact]
    public async Task AfterTheRejectedDataWasCorrectedTheNextRunLoadsIt()
    {
        pipeline.Source.Put("c.txt", "6\nbad\n");
        await Assert.ThrowsAsync<DataException>(() => pipeline.RunAsync());
        pipeline.Source.Put("c.txt", "6\n");

        await pipeline.RunAsync();

        Assert.Equal([.. AllRows, "6"], pipeline.Load.Rows.Order());
    }

    [Fact]
    public async Task AnUploadThatWasDamagedIsNotLoaded()
    {
        pipeline.Staging.Damages = true;
        pipeline.Time = new ImpatientTime();

        var error = await Assert.ThrowsAsync<ServiceException>(() => pipeline.RunAsync());

        Assert.Contains("other bytes than were sent", error.Message, StringComparison.Ordinal);
        Assert.Empty(pipeline.Load.Rows);
    }

    [Fact]
    public async Task ATransientFailureIsTriedAgain()
    {
        var failures = 2;
        pipeline.Time = new ImpatientTime();
        pipeline.Staging.OnWrite = _ =>
        {
            if (Interlocked.Decrement(ref failures) >= 0) throw new ServiceException("busy", transient: true);
        };

        await pipeline.RunAsync();

        Assert.Equal(AllRows, pipeline.Load.Rows.Order());
    }

    [Fact]
    public async Task ACancelledRunStops()
    {
        using var stop = new CancellationTokenSource();
        pipeline.Staging.OnWrite = _ => stop.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pipeline.RunAsync(stop.Token));

        Assert.Empty(pipeline.Load.Rows);
    }
}
