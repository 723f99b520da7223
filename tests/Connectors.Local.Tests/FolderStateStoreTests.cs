using Etl.Connectors.Local.State;
using Etl.Core.State;
using Etl.Testing;
using Xunit;

namespace Etl.Connectors.Local.Tests;

public sealed class FolderStateStoreTests : IDisposable
{
    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task ADocumentIsReadAsItWasWritten()
    {
        var store = new FolderStateStore(folder.Path);
        Assert.Null(await store.ReadAsync("runs/1/manifest.json", CancellationToken.None));
        var version = await store.WriteAsync("runs/1/manifest.json", "{}"u8.ToArray(), WriteCondition.Create, CancellationToken.None);
        var document = await store.ReadAsync("runs/1/manifest.json", CancellationToken.None);
        Assert.Equal(version, document!.Version);
        Assert.Equal("{}"u8.ToArray(), document.Content.ToArray());
    }

    [Fact]
    public async Task ConditionsHold()
    {
        var store = new FolderStateStore(folder.Path);
        var first = await store.WriteAsync("state", "1"u8.ToArray(), WriteCondition.Create, CancellationToken.None);
        await Assert.ThrowsAsync<StateConflictException>(async () => await store.WriteAsync("state", "2"u8.ToArray(), WriteCondition.Create, CancellationToken.None));
        var second = await store.WriteAsync("state", "2"u8.ToArray(), WriteCondition.IfVersion(first), CancellationToken.None);
        await Assert.ThrowsAsync<StateConflictException>(async () => await store.WriteAsync("state", "3"u8.ToArray(), WriteCondition.IfVersion(first), CancellationToken.None));
        await store.WriteAsync("state", "4"u8.ToArray(), WriteCondition.Always, CancellationToken.None);
        Assert.NotEqual(second, (await store.ReadAsync("state", CancellationToken.None))!.Version);
        await Assert.ThrowsAsync<StateConflictException>(async () => await store.WriteAsync("gone", "1"u8.ToArray(), WriteCondition.IfVersion(first), CancellationToken.None));
    }

    [Fact]
    public async Task OfManyWritersOfOneVersionOneWins()
    {
        var first = await new FolderStateStore(folder.Path).WriteAsync("state", "0"u8.ToArray(), WriteCondition.Create, CancellationToken.None);
        var wins = await Task.WhenAll(Enumerable.Range(1, 20).Select(i => Task.Run(async () =>
        {
            try
            {
                await new FolderStateStore(folder.Path).WriteAsync("state", new[] { (byte)i }, WriteCondition.IfVersion(first), CancellationToken.None);
                return 1;
            }
            catch (StateConflictException)
            {
                return 0;
            }
        })));
        Assert.Equal(1, wins.Sum());
    }

    [Fact]
    public async Task AWriterWaitsForTheLockOfAnother()
    {
        Task<string> write;
        await using (new FileStream(Path.Combine(folder.Path, ".lock"), FileMode.Create, FileAccess.ReadWrite, FileShare.None))
        {
            write = new FolderStateStore(folder.Path).WriteAsync("state", "1"u8.ToArray(), WriteCondition.Create, CancellationToken.None).AsTask();
            await Task.Delay(50);
            Assert.False(write.IsCompleted);
        }

        Assert.NotEmpty(await write);
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("/x")]
    [InlineData(".lock")]
    public async Task NamesThatLeadElsewhereAreRefused(string name) =>
        await Assert.ThrowsAsync<ArgumentException>(async () => await new FolderStateStore(folder.Path).WriteAsync(name, default, WriteCondition.Always, CancellationToken.None));

    [Fact]
    public async Task DocumentsAreListedAndRemoved()
    {
        var store = new FolderStateStore(folder.Path);
        await StoredObjectsConformance.HoldsAsync(store, async (name, content) => await store.WriteAsync(name, content, WriteCondition.Always, CancellationToken.None));
    }
}
