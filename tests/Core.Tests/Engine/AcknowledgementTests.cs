using System.Runtime.CompilerServices;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.TestSupport;
using Xunit;

namespace Etl.Core.Tests.Engine;

/// <summary>A source that lists an object until it is told that it is dealt with.</summary>
public sealed class AcknowledgementTests
{
    private readonly PipelineBuilder pipeline = new();
    private readonly Queue queue;

    public AcknowledgementTests()
    {
        pipeline.OtherSource = queue = new Queue(pipeline.Source);
        pipeline.Source.Put("a.txt", "1\n2\n").Put("b.txt", "3\n");
    }

    [Fact]
    public async Task WhatIsLoadedIsAcknowledgedOnceTheStateHasIt()
    {
        var then = "";
        queue.OnAcknowledge = objects => then = objects.Count == 0 ? "" : pipeline.State.Text("lines/state.json");

        await pipeline.RunAsync();

        Assert.Equal(pipeline.State.Text("lines/state.json"), then);
        Assert.Equal(["memory://a.txt", "memory://b.txt"], queue.Acknowledged);
        Assert.Equal(["1", "2", "3"], pipeline.Load.Rows.Order());
    }

    [Fact]
    public async Task WhenTheLoadFailsNothingIsAcknowledged()
    {
        pipeline.Load.BeforeLoad = () => throw new ServiceException("away", transient: false);

        await Assert.ThrowsAsync<ServiceException>(() => pipeline.RunAsync());

        Assert.Empty(queue.Acknowledged);
    }

    [Fact]
    public async Task WhenTheProcessDiesBetweenCommitAndAcknowledgementTheNextOneAcknowledgesAndLoadsNothing()
    {
        queue.OnAcknowledge = objects =>
        {
            if (objects.Count > 0) throw new InvalidOperationException("killed");
        };
        await Assert.ThrowsAsync<InvalidOperationException>(() => pipeline.RunAsync());
        queue.OnAcknowledge = null;

        var next = await pipeline.RunAsync();

        Assert.Null(next.Run);
        Assert.Equal(["memory://a.txt", "memory://b.txt"], queue.Acknowledged);
        Assert.Equal(["1", "2", "3"], pipeline.Load.Rows.Order());
    }

    [Fact]
    public async Task AnAcknowledgementThatFailsIsANoteAndNoFailure()
    {
        queue.OnAcknowledge = objects =>
        {
            if (objects.Count > 0) throw new ServiceException("The queue is away.", transient: true);
        };

        var summary = await pipeline.RunAsync();

        Assert.Equal(3, summary.Loads[0].Rows);
        Assert.Contains(summary.Notes, n => n.EndsWith("it will not be loaded again. The queue is away.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task APlanThatIsOnlyShownAcknowledgesNothing()
    {
        await pipeline.RunAsync();
        queue.Acknowledged.Clear();

        await pipeline.Engine().PlanAsync(default);

        Assert.Empty(queue.Acknowledged);
    }

    [Fact]
    public async Task ACommitByAnotherProcessLeavesItToTheNextPlan()
    {
        var run = (await pipeline.Engine().OpenAsync(default)).Run!.RunId;
        await pipeline.StageAsync(1, 0);
        pipeline.OtherSource = new Queue(pipeline.Source);
        await pipeline.Engine().CommitAsync(run, default);
        pipeline.OtherSource = queue;

        await pipeline.Engine().OpenAsync(default);

        Assert.Equal(["memory://a.txt", "memory://b.txt"], queue.Acknowledged);
    }

    [Fact]
    public async Task ARunThatWasLeftWhileStagingIsFinishedThoughItsObjectsAreHeldBack()
    {
        var left = (await pipeline.Engine().OpenAsync(default)).Run!.RunId;
        queue.HeldBack = true;

        var summary = await pipeline.RunAsync();

        Assert.Equal((left, true), (summary.Run!.RunId, summary.Resumed));
        Assert.Equal(["1", "2", "3"], pipeline.Load.Rows.Order());
    }

    [Fact]
    public async Task ARunThatWasLeftWhileStagingIsAbandonedWhenAnObjectChangedSince()
    {
        await pipeline.Engine().OpenAsync(default);
        pipeline.Source.Put("b.txt", "4\n");
        queue.HeldBack = true;

        var nothing = await pipeline.RunAsync();
        queue.HeldBack = false;
        await pipeline.RunAsync();

        Assert.Null(nothing.Run);
        Assert.Contains(nothing.Notes, n => n.Contains("is abandoned, because 1 of its objects changed", StringComparison.Ordinal));
        Assert.Equal(["1", "2", "4"], pipeline.Load.Rows.Order());
    }

    private sealed class Queue(MemorySource objects) : IAcknowledgedSource
    {
        private HashSet<SourceObject> dealtWith = [];

        public bool HeldBack { get; set; }

        public List<string> Acknowledged { get; } = [];

        public Action<IReadOnlyCollection<SourceObject>>? OnAcknowledge { get; set; }

        public IReadOnlyList<string> Notes => [];

        public async IAsyncEnumerable<SourceObject> ListAsync([EnumeratorCancellation] CancellationToken cancel)
        {
            await foreach (var found in objects.ListAsync(cancel))
                if (!HeldBack && !dealtWith.Contains(found)) yield return found;
        }

        public ValueTask<Stream> OpenAsync(SourceObject source, ByteRange range, CancellationToken cancel) => objects.OpenAsync(source, range, cancel);

        public ValueTask AcknowledgeAsync(IReadOnlyCollection<SourceObject> objects, CancellationToken cancel)
        {
            OnAcknowledge?.Invoke(objects);
            dealtWith = [.. dealtWith, .. objects];
            Acknowledged.AddRange(objects.Select(o => o.Uri));
            return ValueTask.CompletedTask;
        }
    }
}
