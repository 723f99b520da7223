using System.Text.Json;
using System.Text.Json.Nodes;
using Etl.Core.Errors;
using Etl.Core.State;
using Etl.TestSupport;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Etl.Core.Tests.State;

public sealed class PipelineLeaseTests
{
    private readonly MemoryStateStore store = new();
    private readonly FakeTimeProvider time = new();

    private RunRecords Records => new(store, "orders");

    private JsonNode Document => JsonNode.Parse(store.Text("orders/state.json"))!;

    [Fact]
    public async Task EachHolderHasAHigherNumberAndLetsGoWhenItIsDone()
    {
        await using (var first = await TakeAsync()) Assert.Equal(1, first.State.Generation);
        await using var second = await TakeAsync();

        Assert.Equal(2, second.State.Generation);
        await second.DisposeAsync();
        Assert.Null(Document["lease"]);
    }

    [Fact]
    public async Task WhileOneHoldsItAnotherIsTurnedAwayWithTheHoldersName()
    {
        await using var first = await TakeAsync();

        var error = await Assert.ThrowsAsync<LeaseException>(() => TakeAsync());

        Assert.Contains(Environment.MachineName, error.Message, StringComparison.Ordinal);
        Assert.Contains($"process {Environment.ProcessId}", error.Message, StringComparison.Ordinal);
        Assert.Contains("--wait", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OfManyThatAskAtOnceOneGetsIt()
    {
        var takers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(async () =>
        {
            try
            {
                return await TakeAsync();
            }
            catch (LeaseException)
            {
                return null;
            }
        })));

        await Assert.Single(takers, t => t is not null)!.DisposeAsync();
    }

    [Fact]
    public async Task TheHolderRenewsItWhileItIsAtWork()
    {
        await using var lease = await TakeAsync();
        for (var i = 0; i < 10; i++)
        {
            var before = Document["lease"]!["until"]!.GetValue<DateTimeOffset>();
            time.Advance(TimeSpan.FromSeconds(20));
            await UntilAsync(() => Document["lease"]!["until"]!.GetValue<DateTimeOffset>() > before);
        }

        await lease.MoveAsync(state => state with { LastRun = "x" }, default);
        Assert.Equal("x", Document["lastRun"]!.GetValue<string>());
    }

    [Fact]
    public async Task ASilentHolderIsGivenUpAndCanMoveNothingWhenItWakes()
    {
        var paused = await TakeAsync(new FakeTimeProvider(time.GetUtcNow()));
        time.Advance(TimeSpan.FromSeconds(89));
        await Assert.ThrowsAsync<LeaseException>(() => TakeAsync());
        time.Advance(TimeSpan.FromSeconds(2));

        await using var other = await TakeAsync();
        await other.MoveAsync(state => state with { LastRun = "other" }, default);
        var error = await Assert.ThrowsAsync<LeaseException>(() => paused.MoveAsync(state => state with { LastRun = "paused" }, default));

        Assert.Contains("no longer holds orders", error.Message, StringComparison.Ordinal);
        Assert.True(paused.Lost.IsCancellationRequested);
        await Assert.ThrowsAsync<LeaseException>(() => paused.ConfirmAsync(default));
        await paused.DisposeAsync();
        Assert.Equal(("other", 2), (Document["lastRun"]!.GetValue<string>(), Document["generation"]!.GetValue<int>()));
        Assert.NotNull(Document["lease"]);
    }

    [Fact]
    public async Task AHolderThatWakesAndTicksFindsOutThatItLost()
    {
        var clock = new FakeTimeProvider(time.GetUtcNow());
        var paused = await TakeAsync(clock);
        time.Advance(TimeSpan.FromMinutes(2));
        await using var other = await TakeAsync();

        clock.Advance(TimeSpan.FromMinutes(2));

        await UntilAsync(() => paused.Lost.IsCancellationRequested);
        await paused.DisposeAsync();
    }

    [Fact]
    public async Task AHolderWhoseClockIsAheadIsGivenUpOnceNothingMovedForLongEnough()
    {
        _ = await TakeAsync(new FakeTimeProvider(time.GetUtcNow().AddHours(1)));

        var waiting = TakeAsync(wait: Timeout.InfiniteTimeSpan);
        for (var i = 0; i < 95; i++)
        {
            Assert.True(i > 80 || !waiting.IsCompleted);
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(1);
        }

        await UntilAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return waiting.IsCompleted;
        });
        await (await waiting).DisposeAsync();
    }

    [Fact]
    public async Task WhoWaitsGoesOnAsSoonAsTheHolderIsDone()
    {
        var first = await TakeAsync();
        var told = new List<string>();
        var waiting = TakeAsync(wait: TimeSpan.FromHours(1), told: told.Add);
        await UntilAsync(() => told.Count == 1);
        Assert.Contains("waiting for `etl run`", told[0], StringComparison.Ordinal);

        await first.DisposeAsync();
        await UntilAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return waiting.IsCompleted;
        });

        await (await waiting).DisposeAsync();
    }

    [Fact]
    public async Task WhoWaitedLongEnoughGivesUp()
    {
        await using var first = await TakeAsync();
        var waiting = TakeAsync(wait: TimeSpan.FromSeconds(10));

        await UntilAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return waiting.IsCompleted;
        });

        Assert.Contains("Waited 1", (await Assert.ThrowsAsync<LeaseException>(() => waiting)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AHolderThatWasKilledOnThisMachineIsNotWaitedFor()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "processes are told apart on Linux only");
        var killed = await TakeAsync();
        var document = Document;
        document["lease"]!["mark"]!["started"] = "1";
        await store.WriteAsync("orders/state.json", JsonSerializer.SerializeToUtf8Bytes(document), WriteCondition.Always, default);

        await using var lease = await TakeAsync();

        Assert.Equal(2, lease.State.Generation);
        await killed.DisposeAsync();
    }

    [Fact]
    public async Task AProcessOfTheSameNumberInAnotherContainerIsNotTakenForAKilledOne()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "processes are told apart on Linux only");
        await using var elsewhere = await TakeAsync();
        var document = Document;
        (document["lease"]!["mark"]!["started"], document["lease"]!["mark"]!["realm"]) = ("1", "another");
        await store.WriteAsync("orders/state.json", JsonSerializer.SerializeToUtf8Bytes(document), WriteCondition.Always, default);

        await Assert.ThrowsAsync<LeaseException>(() => TakeAsync());
    }

    [Fact]
    public async Task AWriteWhoseAnswerWasLostDoesNotCostTheLease()
    {
        await using var lease = await TakeAsync();
        store.AfterWrite = _ => throw new OperationCanceledException();
        await Assert.ThrowsAsync<OperationCanceledException>(() => lease.MoveAsync(state => state with { LastRun = "x" }, default));
        store.AfterWrite = null;

        await lease.CompleteAsync(state => state with { LastRun = "y" }, default);

        Assert.Equal("y", Document["lastRun"]!.GetValue<string>());
        Assert.Null(Document["lease"]);
    }

    [Fact]
    public async Task AStoreThatRefusesEachWriteThoughNothingChangedIsNamedAndNotAskedForEver()
    {
        var lease = await TakeAsync();
        store.OnWrite = name => throw new StateConflictException(name);

        var error = await Assert.ThrowsAsync<ServiceException>(() => lease.MoveAsync(state => state with { LastRun = "x" }, default));

        Assert.Contains("does not compare versions", error.Message, StringComparison.Ordinal);
        store.OnWrite = null;
        await lease.DisposeAsync();
    }

    [Fact]
    public async Task ATickAfterTheLastMoveRenewsNothing()
    {
        var lease = await TakeAsync();
        await lease.CompleteAsync(state => state with { LastRun = "x" }, default);
        var writes = 0;
        store.OnWrite = _ => writes++;

        time.Advance(TimeSpan.FromMinutes(1));
        await Task.Delay(50, TestContext.Current.CancellationToken);
        await lease.DisposeAsync();

        Assert.Equal(0, writes);
        Assert.Null(Document["lease"]);
    }

    [Fact]
    public async Task WhenTheStoreIsAwayLettingGoIsQuietAndTheLeaseEndsByItself()
    {
        var lease = await TakeAsync();
        store.OnWrite = _ => throw new ServiceException("away", transient: false);
        await lease.DisposeAsync();
        store.OnWrite = null;

        time.Advance(TimeSpan.FromSeconds(91));
        await (await TakeAsync()).DisposeAsync();
    }

    private Task<PipelineLease> TakeAsync(TimeProvider? clock = null, TimeSpan wait = default, Action<string>? told = null) =>
        PipelineLease.TakeAsync(Records, new LeaseTerms { Wait = wait, Waiting = told }, clock ?? time, default);

    private static async Task UntilAsync(Func<bool> done)
    {
        while (!done()) await Task.Delay(1, TestContext.Current.CancellationToken);
    }
}
