using Etl.Core.Contracts;
using Etl.Core.Errors;
using Xunit;

namespace Etl.Testing;

/// <summary>What every <see cref="ISource"/> must do: list in a stable order, pin what it lists, and read any range of exactly that. Inherit it, and say how objects are put where the source looks.</summary>
public abstract class SourceConformance : ConnectorConformance
{
    private const int Large = (1 << 20) + 12345;

    /// <summary>Names of objects, in no order. Override it where the service allows fewer characters.</summary>
    protected virtual IReadOnlyList<string> Names => ["b.csv", "a.csv", "deep/er/c d+é表%25.csv"];

    /// <summary>The source, which lists everything that <see cref="PutAsync"/> puts. What it has to be disposed of goes through <see cref="ConnectorConformance.Own{T}"/>.</summary>
    protected abstract ISource CreateSource();

    /// <summary>Puts an object, or replaces one; a replaced object must look changed to whoever asks the service.</summary>
    protected abstract Task PutAsync(string name, byte[] content);

    /// <summary>Removes an object.</summary>
    protected abstract Task RemoveAsync(string name);

    [Fact]
    public async Task APlaceWithoutObjectsListsNone() => Assert.Empty(await ListAsync());

    [Fact]
    public async Task ObjectsAreListedOnceInAStableOrderWithTheirLengths()
    {
        for (var i = 0; i < Names.Count; i++) await PutAsync(Names[i], Content(i + 1));

        var listed = await ListAsync();

        Assert.Equal(listed, await ListAsync());
        Assert.Equal(Names.Count, listed.Select(o => o.Uri).Distinct().Count());
        Assert.Equal(Enumerable.Range(1, Names.Count).Select(i => (long)i), listed.Select(o => o.Length).Order());
        Assert.All(listed, o => Assert.NotEmpty(o.Version));
    }

    [Fact]
    public async Task AnObjectThatIsReplacedGetsAnotherVersionAndTheOthersKeepTheirs()
    {
        foreach (var name in Names) await PutAsync(name, Content(100));
        var before = await ListAsync();
        await PutAsync(Names[0], Content(100, seed: 1));

        var after = await ListAsync();

        Assert.Equal(before.Select(o => o.Uri), after.Select(o => o.Uri));
        Assert.Single(before.Zip(after), pair => pair.First.Version != pair.Second.Version);
    }

    [Fact]
    public async Task EveryObjectIsReadAsItIs()
    {
        byte[][] contents = [.. Names.Select((_, i) => Content(i * 70_000, seed: i))];
        for (var i = 0; i < Names.Count; i++) await PutAsync(Names[i], contents[i]);

        var listed = await ListAsync();

        foreach (var found in listed) Assert.Contains(await ReadAsync(found, ByteRange.All), contents);
        Assert.Equal(contents.Select(c => (long)c.Length), listed.Select(o => o.Length).Order());
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(0, 1)]
    [InlineData(1, null)]
    [InlineData(1000, 70_000)]
    [InlineData(Large - 1, null)]
    [InlineData(Large - 10, 1000)]
    [InlineData(Large, null)]
    [InlineData(500, 0)]
    public async Task AnyRangeIsRead(int offset, int? length)
    {
        var content = Content(Large);
        await PutAsync(Names[0], content);

        var read = await ReadAsync(Assert.Single(await ListAsync()), new ByteRange(offset, length));

        Assert.Equal(content[offset..(offset + Math.Min(length ?? Large, Large - offset))], read);
    }

    [Fact]
    public async Task AReadThatBreaksGoesOnWhereItWas()
    {
        var content = Content(Large);
        await PutAsync(Names[0], content);
        var found = Assert.Single(await ListAsync());
        var start = new byte[Large / 3];
        var source = CreateSource();

        await using (var broken = await source.OpenAsync(found, ByteRange.All, Cancel)) await broken.ReadExactlyAsync(start, Cancel);

        Assert.Equal<byte[]>(content, [.. start, .. await ReadAsync(found, new ByteRange(start.Length))]);
    }

    [Fact]
    public async Task ManyReadOneObjectAtOnce()
    {
        var content = Content(Large);
        await PutAsync(Names[0], content);
        var found = Assert.Single(await ListAsync());
        var source = CreateSource();

        var parts = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => ReadAsync(source, found, new ByteRange(i * 1000)), Cancel)));

        for (var i = 0; i < parts.Length; i++) Assert.Equal(content[(i * 1000)..], parts[i]);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(101)]
    public async Task AnObjectThatChangedSinceItWasListedIsRefused(int newLength)
    {
        await PutAsync(Names[0], Content(100));
        var found = Assert.Single(await ListAsync());
        await PutAsync(Names[0], Content(newLength, seed: 1));

        Assert.Contains(found.Uri, (await FailsAsync<ObjectChangedException>(() => ReadAsync(found, ByteRange.All))).Message, StringComparison.Ordinal);
        await FailsAsync<ObjectChangedException>(() => ReadAsync(found, new ByteRange(50)));
    }

    [Fact]
    public async Task AnObjectThatIsGoneIsRefused()
    {
        await PutAsync(Names[0], Content(100));
        var found = Assert.Single(await ListAsync());
        await RemoveAsync(Names[0]);

        await FailsAsync<ObjectChangedException>(() => ReadAsync(found, ByteRange.All));
    }

    [Fact]
    public async Task AReadNeverMixesTwoVersions()
    {
        var old = Content(4 << 20);
        await PutAsync(Names[0], old);
        var found = Assert.Single(await ListAsync());
        var source = CreateSource();
        await using var stream = await source.OpenAsync(found, ByteRange.All, Cancel);
        var start = new byte[100];
        await stream.ReadExactlyAsync(start, Cancel);
        await PutAsync(Names[0], Content(old.Length, seed: 1));

        try
        {
            using var rest = new MemoryStream();
            await stream.CopyToAsync(rest, Cancel);
            Assert.Equal<byte[]>(old, [.. start, .. rest.ToArray()]);
        }
        catch (EtlException e)
        {
            Assert.True(e is ObjectChangedException or ServiceException { Transient: true }, $"a read that breaks because the object changed must say so, or be one that is tried again; it said: {e.Message}");
        }
    }

    [Fact]
    public async Task AListingStopsWhenItIsCancelled()
    {
        await PutAsync(Names[0], Content(100));

        await StopsWhenCancelledAsync(async cancel => await CreateSource().ListAsync(cancel).ToListAsync(cancel));
    }

    [Fact]
    public async Task AReadStopsWhenItIsCancelled()
    {
        await PutAsync(Names[0], Content(100));
        var found = Assert.Single(await ListAsync());

        await StopsWhenCancelledAsync(async cancel =>
        {
            await using var stream = await CreateSource().OpenAsync(found, ByteRange.All, cancel);
            await stream.CopyToAsync(Stream.Null, cancel);
        });
    }

    private async Task<List<SourceObject>> ListAsync() => await CreateSource().ListAsync(Cancel).ToListAsync(Cancel);

    private Task<byte[]> ReadAsync(SourceObject found, ByteRange range) => ReadAsync(CreateSource(), found, range);

    private static async Task<byte[]> ReadAsync(ISource source, SourceObject found, ByteRange range)
    {
        await using var stream = await source.OpenAsync(found, range, Cancel);
        using var content = new MemoryStream();
        await stream.CopyToAsync(content, Cancel);
        return content.ToArray();
    }
}
