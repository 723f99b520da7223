using Etl.Core.Contracts;
using Etl.Core.Engine;
using Etl.Core.Errors;
using Etl.Core.State;
using Etl.TestSupport;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Etl.Core.Tests.Engine;

/// <summary>Runs that are asked to end before they are done.</summary>
public sealed class RunStopTests
{
    private static readonly string[] AllRows = ["1", "2", "3", "4", "5", "6"];
    private readonly PipelineBuilder pipeline = new();
    private readonly FakeTimeProvider clock = new();

    public RunStopTests()
    {
        for (var i = 1; i <= 6; i++) pipeline.Source.Put($"{i}.txt", $"{i}\n");
    }

    [Fact]
    public async Task ARunThatIsAskedToStopFinishesWhatIsUnderWayAndTheNextGoesOn()
    {
        using var stop = new RunStop(clock);
        pipeline.OtherSource = new Watched(pipeline.Source, opened => { if (opened == 6 + 3) stop.Request(TimeSpan.FromMinutes(1)); }); // six samples, then splits

        var stopped = await Assert.ThrowsAsync<RunStoppedException>(() => pipeline.Engine(stop).RunAsync(default));
        var left = await StateAsync();
        var opens = pipeline.Source.Opens;
        var summary = await pipeline.RunAsync();

        Assert.Equal((false, 6), (stopped.IsStuck, stopped.SplitsTotal));
        Assert.InRange(stopped.SplitsDone, 3, 4); // two side by side
        Assert.Equal((OpenPhase.Staging, stopped.SplitsDone), (left.Open!.Phase, left.Open.StagedAtStop));
        Assert.Null(left.Lease);
        Assert.True(summary.Resumed);
        Assert.Equal(6 - stopped.SplitsDone, pipeline.Source.Opens - opens);
        Assert.Equal(AllRows, pipeline.Load.Rows.Order());
    }

    [Fact]
    public async Task WhenTheGraceIsOverWhatIsUnderWayIsDropped()
    {
        using var stop = new RunStop(clock);
        var reached = new TaskCompletionSource();
        pipeline.OtherSource = new Watched(pipeline.Source, opened => { if (opened == 6 + 2) reached.SetResult(); }) { HangsFrom = 6 + 2 };

        var run = pipeline.Engine(stop).RunAsync(default);
        await reached.Task;
        stop.Request(TimeSpan.FromSeconds(5));
        Assert.False(run.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(5));
        var stopped = await Assert.ThrowsAsync<RunStoppedException>(() => run);
        pipeline.OtherSource = null;
        await pipeline.RunAsync();

        Assert.False(stopped.IsStuck);
        Assert.Equal(AllRows, pipeline.Load.Rows.Order());
    }

    [Fact]
    public async Task ASecondStopWithNothingMoreStagedIsStuck()
    {
        var source = new Watched(pipeline.Source, _ => { }) { HangsFrom = 7 };
        pipeline.OtherSource = source;
        var first = await StopAsync(source);
        source.HangsFrom = 1;
        var second = await StopAsync(source);

        Assert.False(first.IsStuck);
        Assert.True(second.IsStuck);
        Assert.Contains("one split takes longer than there was time", second.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AStopBeforeThereIsAPlanIsStuck()
    {
        var source = new Watched(pipeline.Source, _ => { }) { HangsFrom = 1 };
        pipeline.OtherSource = source;

        var stopped = await StopAsync(source);

        Assert.True(stopped.IsStuck);
        Assert.Contains("before the plan was made", stopped.Message, StringComparison.Ordinal);
        Assert.Null((await StateAsync()).Lease);
    }

    [Fact]
    public async Task ARunThatStagedEverythingWhenItWasAskedLoadsInTheNext()
    {
        using var stop = new RunStop(clock);
        pipeline.OtherSource = new Watched(pipeline.Source, opened => { if (opened == 6 + 6) stop.Request(TimeSpan.FromMinutes(1)); });

        var stopped = await Assert.ThrowsAsync<RunStoppedException>(() => pipeline.Engine(stop).RunAsync(default));
        Assert.Empty(pipeline.Load.Rows);
        await pipeline.RunAsync();

        Assert.Equal(6, stopped.SplitsDone);
        Assert.Equal(AllRows, pipeline.Load.Rows.Order());
    }

    [Fact]
    public void TheTimeLeftIsUsedUpToItsGraceAndNotBeyondIt()
    {
        using var stop = new RunStop(clock);
        stop.RequestWithin(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(2));

        clock.Advance(TimeSpan.FromSeconds(7.9));
        Assert.False(stop.IsRequested);
        clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.True(stop.IsRequested);
        Assert.False(stop.Forced.IsCancellationRequested);
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.True(stop.Forced.IsCancellationRequested);
    }

    private async Task<RunStoppedException> StopAsync(Watched source)
    {
        using var stop = new RunStop(clock);
        var run = pipeline.Engine(stop).RunAsync(default);
        await source.Hanging;
        stop.Request(TimeSpan.Zero);
        return await Assert.ThrowsAsync<RunStoppedException>(() => run);
    }

    private async Task<PipelineState> StateAsync() => (await new RunRecords(pipeline.State, "lines").ReadStateAsync(default)).State;

    /// <summary>Tells how often objects were opened, and from some time on never answers.</summary>
    private sealed class Watched(ISource source, Action<int> opened) : ISource
    {
        private TaskCompletionSource hanging = new();
        private int opens;

        /// <summary>The number, counted anew, of the first opening that is not answered.</summary>
        public int HangsFrom
        {
            get;
            set => (field, opens, hanging) = (value, 0, new TaskCompletionSource());
        }

        = int.MaxValue;

        public Task Hanging => hanging.Task;

        public IAsyncEnumerable<SourceObject> ListAsync(CancellationToken cancel) => source.ListAsync(cancel);

        public async ValueTask<Stream> OpenAsync(SourceObject from, ByteRange range, CancellationToken cancel)
        {
            var count = Interlocked.Increment(ref opens);
            opened(count);
            if (count >= HangsFrom)
            {
                hanging.TrySetResult();
                await Task.Delay(Timeout.Infinite, cancel);
            }

            return await source.OpenAsync(from, range, cancel);
        }
    }
}
