using Etl.Core.Engine;
using Etl.Core.Errors;
using Etl.Core.State;
using Etl.TestSupport;
using Xunit;

namespace Etl.Core.Tests.Engine;

public sealed class GarbageCollectorTests
{
    private readonly PipelineBuilder pipeline = new();

    public GarbageCollectorTests() => pipeline.Source.Put("a.txt", "1\n").Put("b.txt", "2\n");

    [Fact]
    public async Task WhatRunsThatAreOverLeftBehindGoes()
    {
        await pipeline.RunAsync();
        pipeline.Source.Put("c.txt", "3\n");
        await pipeline.RunAsync();

        var garbage = await CollectAsync();

        Assert.Equal((2, 3, 7, 1), (garbage.Runs.Count, garbage.Staged.Count, garbage.Records.Count, garbage.Ledger.Count));
        Assert.Empty(pipeline.Staging.Files);
        Assert.Equal(["lines/ledger/", "lines/state.json"], pipeline.State.Names.Select(n => n[..Math.Min(n.Length, n.IndexOf("ledger/", StringComparison.Ordinal) is var i and > 0 ? i + 7 : n.Length)]));
        Assert.Null((await pipeline.RunAsync()).Run);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WhatAnOpenRunNeedsStaysAndItIsFinished(bool loading)
    {
        if (loading) pipeline.Load.BeforeLoad = () => throw new ServiceException("away", transient: false);
        else pipeline.Staging.OnWrite = name =>
        {
            if (name.Contains("split-000001", StringComparison.Ordinal)) throw new ServiceException("full", transient: false);
        };
        await Assert.ThrowsAsync<ServiceException>(() => pipeline.RunAsync());
        (pipeline.Load.BeforeLoad, pipeline.Staging.OnWrite) = (null, null);

        Assert.Equal(0, (await CollectAsync()).Count);

        Assert.True((await pipeline.RunAsync()).Resumed);
        Assert.Equal(["1", "2"], pipeline.Load.Rows.Order());
    }

    [Fact]
    public async Task TemporaryTablesOfRunsThatAreOverGoAndThoseOfTheOpenRunStay()
    {
        pipeline.Load.AfterLoad = () => throw new ServiceException("away", transient: false);
        await Assert.ThrowsAsync<ServiceException>(() => pipeline.RunAsync());
        pipeline.Load.AfterLoad = null;
        var open = pipeline.Load.Commits.Single();
        pipeline.Load.Temporary.UnionWith([$"lines/{open}/t", "lines/0123456789abcdef0123/t", "lines/somebody/t"]);

        var garbage = await CollectAsync();

        Assert.Equal("lines/0123456789abcdef0123/t", Assert.Single(garbage.Temporary).Table.Name);
        Assert.Equal([$"lines/{open}/t", "lines/somebody/t"], pipeline.Load.Temporary.Order(StringComparer.Ordinal));
        await pipeline.RunAsync();
        Assert.Single((await CollectAsync()).Temporary);
    }

    [Fact]
    public async Task AnAbandonedRunGoes()
    {
        pipeline.Staging.OnWrite = name =>
        {
            if (name.Contains("split-000001", StringComparison.Ordinal)) throw new ServiceException("full", transient: false);
        };
        await Assert.ThrowsAsync<ServiceException>(() => pipeline.RunAsync());
        pipeline.Staging.OnWrite = null;
        pipeline.OptionsDigest = "others";
        await pipeline.RunAsync();

        Assert.Equal(2, (await CollectAsync()).Runs.Count);
        Assert.Empty(pipeline.Staging.Files);
    }

    [Fact]
    public async Task WhatIsYoungStaysWithAllOfItsRun()
    {
        await pipeline.RunAsync();
        pipeline.State.Written[pipeline.State.Names.First(n => n.EndsWith("manifest.json", StringComparison.Ordinal))] = TimeProvider.System.GetUtcNow();

        Assert.Equal(0, (await CollectAsync()).Count);
        Assert.NotEmpty(pipeline.Staging.Files);
    }

    [Fact]
    public async Task WhatLooksLikeNoRunIsSomebodyElses()
    {
        await pipeline.Staging.WriteAsync("lines/notes/readme.txt", new MemoryStream([1]), default);
        await pipeline.Staging.WriteAsync("lines2/0123456789abcdef0123/split", new MemoryStream([1]), default);
        await pipeline.State.WriteAsync("lines/notes.txt", new byte[] { 1 }, WriteCondition.Always, default);
        await pipeline.State.WriteAsync("lines/state.json.x.part", new byte[] { 1 }, WriteCondition.Always, default);

        Assert.Equal("lines/state.json.x.part", Assert.Single((await CollectAsync()).Records).Name);
        Assert.Equal(2, pipeline.Staging.Files.Count);
    }

    [Fact]
    public async Task WhatIsNotConfirmedStays()
    {
        await pipeline.RunAsync();

        var garbage = await new GarbageCollector(pipeline.Build(), new LeaseTerms()).CollectAsync(TimeSpan.FromDays(7), _ => false, default);

        Assert.Equal(2, garbage.Staged.Count);
        Assert.Equal(2, pipeline.Staging.Files.Count);
    }

    [Fact]
    public async Task WhileARunIsAtWorkNothingIsRemoved()
    {
        await using var lease = await PipelineLease.TakeAsync(new RunRecords(pipeline.State, "lines"), new LeaseTerms(), TimeProvider.System, default);

        await Assert.ThrowsAsync<LeaseException>(() => CollectAsync());
    }

    private Task<Garbage> CollectAsync() => new GarbageCollector(pipeline.Build(), new LeaseTerms()).CollectAsync(TimeSpan.FromDays(7), _ => true, default);
}
