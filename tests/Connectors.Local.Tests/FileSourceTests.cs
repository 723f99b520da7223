using Etl.Connectors.Local.Files;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Testing;
using Xunit;

namespace Etl.Connectors.Local.Tests;

public sealed class FileSourceTests : IDisposable
{
    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task OneFileIsListed()
    {
        folder.File("data/a b.csv", "id\n1\n");
        var file = Assert.Single(await List("data/a b.csv"));
        Assert.Equal(5, file.Length);
        Assert.StartsWith("file:///", file.Uri, StringComparison.Ordinal);
        Assert.Equal("id\n1\n", await Read(file, ByteRange.All));
    }

    [Fact]
    public async Task AFolderIsListedWithAllItHoldsInTheOrderOfThePaths()
    {
        folder.File("data/b.csv", "");
        folder.File("data/a/z.csv", "");
        folder.File("other.csv", "");
        Assert.Equal(["z.csv", "b.csv"], (await List("data")).Select(o => Path.GetFileName(o.Uri)));
    }

    [Fact]
    public async Task APatternPicksFiles()
    {
        folder.File("data/2024/a.csv", "");
        folder.File("data/2024/a.txt", "");
        folder.File("data/b.csv", "");
        Assert.Equal(2, (await List("data/**/*.csv")).Count);
        Assert.Single(await List("data/*.csv"));
    }

    [Fact]
    public async Task WhatIsNotThereIsNamed()
    {
        var failure = await Assert.ThrowsAsync<ServiceException>(() => List("missing.csv"));
        Assert.Contains("missing.csv", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARangeIsRead()
    {
        folder.File("a.csv", "0123456789");
        var file = Assert.Single(await List("a.csv"));
        Assert.Equal("345", await Read(file, new ByteRange(3, 3)));
        Assert.Equal("789", await Read(file, new ByteRange(7)));
    }

    [Fact]
    public async Task AFileChangedSinceItWasListedIsRefused()
    {
        var path = folder.File("a.csv", "0123456789");
        var file = Assert.Single(await List("a.csv"));
        File.AppendAllText(path, "more");
        await Assert.ThrowsAsync<ObjectChangedException>(() => Read(file, ByteRange.All));
        File.Delete(path);
        await Assert.ThrowsAsync<ObjectChangedException>(() => Read(file, ByteRange.All));
    }

    [Fact]
    public async Task AFileChangedWhileItIsReadIsNoticedAtItsEnd()
    {
        var path = folder.File("a.csv", "0123456789");
        var file = Assert.Single(await List("a.csv"));
        await using var stream = await Source("a.csv").OpenAsync(file, ByteRange.All, CancellationToken.None);
        await stream.ReadExactlyAsync(new byte[5]);
        File.AppendAllText(path, "more");
        await Assert.ThrowsAsync<ObjectChangedException>(() => stream.CopyToAsync(Stream.Null));
    }

    private FileSource Source(string path) => new(new FileSourceOptions { Path = path }, folder.Context);

    private async Task<List<SourceObject>> List(string path)
    {
        var objects = new List<SourceObject>();
        await foreach (var item in Source(path).ListAsync(TestContext.Current.CancellationToken))
            objects.Add(item);
        return objects;
    }

    private async Task<string> Read(SourceObject file, ByteRange range)
    {
        await using var stream = await Source("").OpenAsync(file, range, TestContext.Current.CancellationToken);
        return await new StreamReader(stream).ReadToEndAsync();
    }
}
