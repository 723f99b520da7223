using Etl.Core.Engine;
using Etl.Core.Errors;
using Etl.Core.State;
using Etl.TestSupport;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Etl.Core.Tests.Engine;

/// <summary>What becomes of a run that an earlier process left, and of one that another process took over.</summary>
public sealed class LeftRunTests
{
    private readonly PipelineBuilder pipeline = new();

    public LeftRunTests() => pipeline.Source.Put("a.txt", "1\n").Put("b.txt", "2\n");

    [Fact]
    public async Task ARunLeftWhileStagingIsFinishedBeforeWhatIsNewIsRead()
    {
        await LeaveWhileStagingAsync();
        pipeline.Source.Put("c.txt", "3\n");

        var first = await pipeline.RunAsync();
        var second = await pipeline.RunAsync();

        Assert.True(first.Resumed);
        Assert.Contains("left run", Assert.Single(first.Notes), StringComparison.Ordinal);
        Assert.False(second.Resumed);
        Assert.Equal(["1", "2", "3"], pipeline.Load.Rows.Order());
    }

    [Fact]
    public async Task ARunLeftWhileStagingIsAbandonedWhenThePipelineFileChanged()
    {
        await LeaveWhileStagingAsync();
        pipeline.OptionsDigest = "others";

        var summary = await pipeline.RunAsync();

        Assert.Contains("abandoned, because the pipeline file changed", summary.Notes[0], StringComparison.Ordinal);
        Assert.Equal(["1", "2"], pipeline.Load.Rows.Order());
    }

    [Fact]
    public async Task ARunLeftWhileStagingIsAbandonedWhenItsObjectsChanged()
    {
        await LeaveWhileStagingAsync();
        pipeline.Source.Put("b.txt", "two\n");

        var summary = await pipeline.RunAsync();

        Assert.False(summary.Resumed);
        Assert.Contains("1 of its objects changed", summary.Notes[0], StringComparison.Ordinal);
        Assert.Equal(["1", "two"], pipeline.Load.Rows.Order());
    }

    [Fact]
    public async Task ARunLeftWhileLoadingWhoseManifestIsGoneIsNotGuessedAt()
    {
        pipeline.Load.AfterLoad = () => throw new ServiceException("the connection broke", transient: false);
        await Assert.ThrowsAsync<ServiceException>(() => pipeline.RunAsync());
        pipeline.Load.AfterLoad = null;
        await foreach (var document in pipeline.State.ListAsync("lines/runs/", default)) await pipeline.State.DeleteAsync(document, default);

        var error = await Assert.ThrowsAsync<DataException>(() => pipeline.RunAsync());
        await new StateChanges(pipeline.Build(), new LeaseTerms()).ResetAsync(onlyOpenRun: true, default);

        Assert.Contains("etl state reset --open-run", error.Message, StringComparison.Ordinal);
        Assert.Equal(["1", "2"], pipeline.Load.Rows.Order());
    }

    [Fact]
    public async Task ARunLeftWhileLoadingIsAbandonedWhenItsSinksChanged()
    {
        pipeline.Load.BeforeLoad = () => throw new ServiceException("away", transient: false);
        await Assert.ThrowsAsync<ServiceException>(() => pipeline.RunAsync());
        pipeline.Load.BeforeLoad = null;
        (pipeline.SinksDigest, pipeline.OptionsDigest) = ("others", "others");

        var summary = await pipeline.RunAsync();

        Assert.Contains("abandoned, because the pipeline's sinks changed", summary.Notes[0], StringComparison.Ordinal);
        Assert.Equal(["1", "2"], pipeline.Load.Rows.Order());
    }

    [Fact]
    public async Task ARunThatLostItsLeaseWhileStagingLoadsNothing()
    {
        var later = new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddMinutes(5));
        // Parts are staged side by side: the other process comes once.
        var other = new Lazy<PipelineLease>(() => PipelineLease.TakeAsync(new RunRecords(pipeline.State, "lines"), new LeaseTerms(), later, default).GetAwaiter().GetResult());
        pipeline.Staging.OnWrite = _ => GC.KeepAlive(other.Value);

        var error = await Assert.ThrowsAsync<LeaseException>(() => pipeline.RunAsync());

        Assert.Contains("no longer holds lines", error.Message, StringComparison.Ordinal);
        Assert.Empty(pipeline.Load.Commits);
        await other.Value.DisposeAsync();
    }

    [Fact]
    public async Task ARunThatFailsOrIsStoppedLetsGo()
    {
        await LeaveWhileStagingAsync();
        Assert.Null((await PipelineStatus.ReadAsync(pipeline.Build(), default)).State.Lease);
        using var stop = new CancellationTokenSource();
        pipeline.Staging.OnWrite = _ => stop.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pipeline.RunAsync(stop.Token));

        Assert.Null((await PipelineStatus.ReadAsync(pipeline.Build(), default)).State.Lease);
    }

    private async Task LeaveWhileStagingAsync()
    {
        pipeline.Staging.OnWrite = name =>
        {
            if (name.Contains("split-000001", StringComparison.Ordinal)) throw new ServiceException("the disk is full", transient: false);
        };
        await Assert.ThrowsAsync<ServiceException>(() => pipeline.RunAsync());
        pipeline.Staging.OnWrite = null;
    }
}
