using Etl.Core.Contracts;
using Etl.Core.Engine;
using Etl.Core.Errors;
using Etl.Core.Runs;
using Etl.Core.State;
using Etl.TestSupport;
using Xunit;

namespace Etl.Core.Tests.Engine;

/// <summary>A run whose three steps are processes of their own, the middle one many.</summary>
public sealed class StageTaskTests
{
    private const int Tasks = 4;
    private readonly PipelineBuilder pipeline = new();

    public StageTaskTests()
    {
        for (var i = 0; i < 10; i++) pipeline.Source.Put($"{i:D2}.txt", $"{i}\n");
    }

    private static IEnumerable<string> Expected => Enumerable.Range(0, 10).Select(i => $"{i}");

    [Fact]
    public async Task TheTasksTogetherGiveTheTableOfOneProcess()
    {
        var plan = await pipeline.Engine().OpenAsync(default);
        await pipeline.StageAsync(Tasks, 3, 1, 0, 2);
        var summary = await pipeline.Engine().CommitAsync(plan.Run!.RunId, default);

        Assert.Equal(Expected, pipeline.Load.Rows.Order());
        Assert.Equal((10, 10), (summary.Rows.Read, summary.Receipts.Count));
        var one = new PipelineBuilder();
        for (var i = 0; i < 10; i++) one.Source.Put($"{i:D2}.txt", $"{i}\n");
        Assert.Equal((await one.RunAsync()).Run!.RunId, plan.Run.RunId);
        Assert.Equal(one.Staging.Files.Keys.Order(), pipeline.Staging.Files.Keys.Order());
        Assert.Null((await pipeline.RunAsync()).Run);
    }

    [Fact]
    public async Task APlanThatIsOnlyShownChangesNothing()
    {
        var plan = await pipeline.Engine().PlanAsync(default);

        Assert.Equal((10, 20), (plan.Run!.Splits.Count, plan.BytesToSend));
        Assert.Empty(pipeline.State.Names);
        Assert.Equal(0, pipeline.Staging.Writes);
    }

    [Fact]
    public async Task ACommitBeforeAllTasksRanLoadsNothingAndNamesWhatIsMissing()
    {
        await pipeline.Engine().OpenAsync(default);
        await pipeline.StageAsync(Tasks, 0, 2, 3);

        var error = await Assert.ThrowsAsync<NotStagedException>(() => pipeline.Engine().CommitAsync(null, default));
        Assert.Equal([1], TaskShare.TasksOf(error.Run, error.Splits, Tasks));
        Assert.Empty(pipeline.Load.Commits);

        await pipeline.StageAsync(Tasks, 1);
        await pipeline.Engine().CommitAsync(null, default);
        Assert.Equal(Expected, pipeline.Load.Rows.Order());
    }

    [Fact]
    public async Task TwinsStageTheSame()
    {
        await pipeline.Engine().OpenAsync(default);
        await pipeline.StageAsync(Tasks, 0, 0, 1, 1, 2, 2, 3, 3);
        await pipeline.StageAsync(3, 0, 1, 2);
        await pipeline.Engine().CommitAsync(null, default);

        Assert.Equal(Expected, pipeline.Load.Rows.Order());
        Assert.Equal(10, pipeline.Staging.Files.Count);
    }

    [Fact]
    public async Task CommittingTwiceLoadsOnce()
    {
        var run = await StageAllAsync();
        await pipeline.Engine().CommitAsync(run, default);

        var again = await pipeline.Engine().CommitAsync(run, default);

        Assert.Null(again.Run);
        Assert.Contains($"run {run} is committed", again.Notes[0], StringComparison.Ordinal);
        Assert.Single(pipeline.Load.Commits);
    }

    [Fact]
    public async Task ACommitThatDiedAfterTheLoadIsFinishedByTheNext()
    {
        await StageAllAsync();
        pipeline.Load.AfterLoad = () => throw new ServiceException("the connection broke", transient: false);
        await Assert.ThrowsAsync<ServiceException>(() => pipeline.Engine().CommitAsync(null, default));
        pipeline.Load.AfterLoad = null;
        // A task that comes late finds everything staged.
        await pipeline.StageAsync(Tasks, 2);

        await pipeline.Engine().CommitAsync(null, default);

        Assert.Equal(Expected, pipeline.Load.Rows.Order());
        Assert.Null((await pipeline.RunAsync()).Run);
    }

    [Fact]
    public async Task ATaskThatComesAfterTheCommitDoesNothing()
    {
        var run = await StageAllAsync();
        await pipeline.Engine().CommitAsync(run, default);
        var writes = pipeline.Staging.Writes;

        var late = await pipeline.Engine().StageAsync(new TaskShare(0, Tasks), run, default);
        var anyone = await pipeline.Engine().StageAsync(new TaskShare(0, Tasks), null, default);

        Assert.Equal((null, null, writes), (late.Run, anyone.Run, pipeline.Staging.Writes));
        Assert.Contains("is committed", late.Note, StringComparison.Ordinal);
        Assert.Contains("no run is open", anyone.Note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ATaskOfARunThatWasGivenUpSaysSo()
    {
        var first = (await pipeline.Engine().OpenAsync(default)).Run!.RunId;
        pipeline.Source.Put("00.txt", "changed\n");
        var plan = await pipeline.Engine().OpenAsync(default);

        var error = await Assert.ThrowsAsync<DataException>(() => pipeline.Engine().StageAsync(new TaskShare(0, Tasks), first, default));

        Assert.NotEqual(first, plan.Run!.RunId);
        Assert.Contains($"Run {first} of lines is not open: run {plan.Run.RunId} is", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<DataException>(() => pipeline.Engine().CommitAsync(first, default));
    }

    [Fact]
    public async Task OpeningAgainGivesTheSameRunAndKeepsWhatIsStaged()
    {
        var first = await pipeline.Engine().OpenAsync(default);
        await pipeline.StageAsync(Tasks, 0);
        pipeline.Source.Put("99.txt", "new\n");

        var second = await pipeline.Engine().OpenAsync(default);

        Assert.True(second.Resumed);
        Assert.Equal(first.Run!.RunId, second.Run!.RunId);
    }

    [Fact]
    public async Task AnAbandonedRunWithNothingInItsPlaceIsNoLongerOpen()
    {
        var run = (await pipeline.Engine().OpenAsync(default)).Run!.RunId;
        await new StateChanges(pipeline.Build(), new LeaseTerms()).MarkLoadedAsync(_ => true, default);

        await pipeline.Engine().OpenAsync(default);

        Assert.Null((await pipeline.Engine().StageAsync(new TaskShare(0, 1), null, default)).Run);
        Assert.Contains(run, (await new GarbageCollector(pipeline.Build(), new LeaseTerms()).CollectAsync(TimeSpan.Zero, _ => true, default)).Runs);
    }

    [Fact]
    public async Task APlainRunFinishesWhatTasksBegan()
    {
        await pipeline.Engine().OpenAsync(default);
        await pipeline.StageAsync(Tasks, 0, 1);
        var before = pipeline.Staging.Writes;

        var summary = await pipeline.RunAsync();

        Assert.True(summary.Resumed);
        Assert.Equal(10, pipeline.Staging.Writes);
        Assert.True(before > 0);
        Assert.Equal(Expected, pipeline.Load.Rows.Order());
    }

    [Fact]
    public async Task ATaskWithAnotherPipelineFileIsRefused()
    {
        await StageAllAsync();
        pipeline.OptionsDigest = "others";

        await Assert.ThrowsAsync<DataException>(() => pipeline.Engine().StageAsync(new TaskShare(0, Tasks), null, default));
        var error = await Assert.ThrowsAsync<DataException>(() => pipeline.Engine().CommitAsync(null, default));

        Assert.Contains("planned with other options", error.Message, StringComparison.Ordinal);
        Assert.Empty(pipeline.Load.Commits);
    }

    [Fact]
    public async Task WhileTasksAreAtWorkNothingOfTheOpenRunIsCollected()
    {
        await StageAllAsync();

        var garbage = await new GarbageCollector(pipeline.Build(), new LeaseTerms()).CollectAsync(TimeSpan.Zero, _ => true, default);
        await pipeline.Engine().CommitAsync(null, default);

        Assert.Equal(0, garbage.Count);
        Assert.Equal(Expected, pipeline.Load.Rows.Order());
    }

    [Fact]
    public async Task RejectsOfAllTasksTogetherAreJudgedByTheCommit()
    {
        pipeline.Rejects = RejectLimit.Parse("2", null);
        for (var i = 0; i < 3; i++) pipeline.Source.Put($"{i:D2}.txt", "bad\n");
        await StageAllAsync();

        var error = await Assert.ThrowsAsync<DataException>(() => pipeline.Engine().CommitAsync(null, default));

        Assert.Contains("3 of 10 rows were rejected", error.Message, StringComparison.Ordinal);
        Assert.Empty(pipeline.Load.Commits);
    }

    [Fact]
    public async Task StagedFilesThatAreGoneAreStagedAgain()
    {
        await StageAllAsync();
        await foreach (var file in pipeline.Staging.ListAsync("", default))
            if (file.Name.Contains("split-000003", StringComparison.Ordinal)) await pipeline.Staging.DeleteAsync(file, default);

        var error = await Assert.ThrowsAsync<NotStagedException>(() => pipeline.Engine().CommitAsync(null, default));
        await pipeline.StageAsync(Tasks, 0, 1, 2, 3);
        await pipeline.Engine().CommitAsync(null, default);

        Assert.Equal([3], error.Splits);
        Assert.Equal(11, pipeline.Staging.Writes);
        Assert.Equal(Expected, pipeline.Load.Rows.Order());
    }

    private async Task<string> StageAllAsync()
    {
        var plan = await pipeline.Engine().OpenAsync(default);
        await pipeline.StageAsync(Tasks, 0, 1, 2, 3);
        return plan.Run!.RunId;
    }
}
