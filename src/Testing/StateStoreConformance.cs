using Etl.Core.State;
using Xunit;

namespace Etl.Testing;

/// <summary>What every <see cref="IStateStore"/> must do: documents are written whole, and of two writers of one version one wins. That is what exactly-once rests on.</summary>
public abstract class StateStoreConformance : ConnectorConformance
{
    /// <summary>The store, over a place that is empty when a test begins.</summary>
    protected abstract IStateStore CreateStore();

    [Fact]
    public async Task ADocumentIsReadAsItWasWritten()
    {
        Assert.Null(await ReadAsync("runs/1/manifest.json"));
        var version = await WriteAsync("runs/1/manifest.json", 100_000, WriteCondition.Create);

        var document = await ReadAsync("runs/1/manifest.json");

        Assert.Equal(version, document!.Version);
        Assert.Equal(Content(100_000), document.Content.ToArray());
        Assert.Contains("manifest.json", CreateStore().Locate("runs/1/manifest.json"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnEmptyDocumentIsADocument()
    {
        await WriteAsync("empty", 0, WriteCondition.Create);

        Assert.Equal(0, (await ReadAsync("empty"))!.Content.Length);
        await Assert.ThrowsAsync<StateConflictException>(() => WriteAsync("empty", 1, WriteCondition.Create));
    }

    [Fact]
    public async Task ConditionsHold()
    {
        var first = await WriteAsync("state", 1, WriteCondition.Create);
        await Assert.ThrowsAsync<StateConflictException>(() => WriteAsync("state", 2, WriteCondition.Create));
        var second = await WriteAsync("state", 2, WriteCondition.IfVersion(first));
        await Assert.ThrowsAsync<StateConflictException>(() => WriteAsync("state", 3, WriteCondition.IfVersion(first)));
        Assert.Equal(second, (await ReadAsync("state"))!.Version);
        var third = await WriteAsync("state", 4, WriteCondition.Always);

        Assert.NotEqual(second, third);
        Assert.Equal(4, (await ReadAsync("state"))!.Content.Length);
        await Assert.ThrowsAsync<StateConflictException>(() => WriteAsync("gone", 1, WriteCondition.IfVersion(first)));
    }

    [Fact]
    public async Task OfManyWritersOfOneVersionOneWins()
    {
        var first = await WriteAsync("state", 1, WriteCondition.Create);

        var wins = await Task.WhenAll(Enumerable.Range(2, 12).Select(length => Task.Run(async () =>
        {
            try
            {
                await WriteAsync("state", length, WriteCondition.IfVersion(first));
                return length;
            }
            catch (StateConflictException)
            {
                return 0;
            }
        }, Cancel)));

        Assert.Equal((await ReadAsync("state"))!.Content.Length, Assert.Single(wins, w => w > 0));
    }

    [Fact]
    public async Task AReaderNeverSeesHalfOfADocument()
    {
        await WriteAsync("state", 200_000, WriteCondition.Create);
        var writer = Task.Run(async () =>
        {
            for (var i = 0; i < 20; i++) await WriteAsync("state", 200_000 + i, WriteCondition.Always);
        }, Cancel);

        do
        {
            var seen = (await ReadAsync("state"))!.Content.ToArray();
            Assert.Equal(Content(seen.Length), seen);
            Assert.InRange(seen.Length, 200_000, 200_019);
        }
        while (!writer.IsCompleted);
        await writer;
    }

    [Fact]
    public async Task ReadsAndWritesStopWhenTheyAreCancelled()
    {
        await WriteAsync("state", 1, WriteCondition.Create);

        await StopsWhenCancelledAsync(async cancel => await CreateStore().ReadAsync("state", cancel));
        await StopsWhenCancelledAsync(async cancel => await CreateStore().WriteAsync("other", Content(10), WriteCondition.Create, cancel));
        Assert.Null(await ReadAsync("other"));
    }

    [Fact]
    public async Task DocumentsAreListedAndRemoved()
    {
        var store = CreateStore();
        await StoredObjectsConformance.HoldsAsync(store, async (name, content) => await store.WriteAsync(name, content, WriteCondition.Always, Cancel));
    }

    private async Task<StateDocument?> ReadAsync(string name) => await CreateStore().ReadAsync(name, Cancel);

    private Task<string> WriteAsync(string name, int length, WriteCondition condition) =>
        RetriedAsync(async () => await CreateStore().WriteAsync(name, Content(length), condition, Cancel));
}
