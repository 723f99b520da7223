using System.Diagnostics;
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

    [Fact]
    public async Task ALinkIsTheFileThatItLeadsTo()
    {
        var path = folder.File("kept/a.csv", "0123456789");
        Directory.CreateDirectory(Path.Combine(folder.Path, "data"));
        File.CreateSymbolicLink(Path.Combine(folder.Path, "data/a.csv"), "../kept/a.csv");
        File.CreateSymbolicLink(Path.Combine(folder.Path, "data/b.csv"), "a.csv");
        File.CreateSymbolicLink(Path.Combine(folder.Path, "data/c.csv"), "missing.csv");
        File.CreateSymbolicLink(Path.Combine(folder.Path, "data/d.csv"), "d.csv");

        var files = await List("data");

        Assert.Equal(["a.csv", "b.csv"], files.Select(f => Path.GetFileName(f.Uri)));
        Assert.All(files, f => Assert.Equal((10, new DateTimeOffset(File.GetLastWriteTimeUtc(path))), (f.Length, f.Modified)));
        Assert.Equal("0123456789", await Read(files[1], ByteRange.All));
        File.AppendAllText(path, "more");
        await Assert.ThrowsAsync<ObjectChangedException>(() => Read(files[1], ByteRange.All));
    }

    [Fact]
    public async Task AFolderThatIsALinkIsReadWhereItIsNamedAndNotWhereItIsFound()
    {
        folder.File("data/a.csv", "");
        folder.File("data/sub/b.csv", "");
        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "data", "sub", "loop"), "..");
        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "linked"), "data");

        Assert.Equal(["a.csv", "b.csv"], (await List("data")).Select(f => Path.GetFileName(f.Uri)));
        Assert.Equal(["a.csv", "b.csv"], (await List("linked/**/*.csv")).Select(f => Path.GetFileName(f.Uri)));
        Assert.Equal(["b.csv"], (await List("linked/*/*.csv")).Select(f => Path.GetFileName(f.Uri)));
    }

    [Fact]
    public async Task AFolderThatMayNotBeReadIsNamed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.UserName == "root", "root may read every folder, and Windows has other rights");
        folder.File("data/closed/a.csv", "");
        var closed = Path.Combine(folder.Path, "data", "closed");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(closed, UnixFileMode.None);
        var failure = await Assert.ThrowsAsync<ServiceException>(() => List("data"));
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(closed, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Assert.Contains(closed, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("missing.csv")]
    [InlineData("link.csv")]
    public async Task ALinkThatLeadsToNoFileIsNamed(string target)
    {
        File.CreateSymbolicLink(Path.Combine(folder.Path, "link.csv"), target);
        var failure = await Assert.ThrowsAsync<ServiceException>(() => List("link.csv"));
        Assert.Contains("link.csv is a pipe, or a link that leads to no file.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task APipeIsRefused()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "Windows has no pipes among its files");
        var pipe = Path.Combine(folder.Path, "pipe.csv");
        using (var made = Process.Start("mkfifo", [pipe])) await made.WaitForExitAsync(TestContext.Current.CancellationToken);
        var writing = Task.Run(() => new FileStream(pipe, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 0).Dispose(), TestContext.Current.CancellationToken);

        var failure = await Assert.ThrowsAsync<ServiceException>(() => List("pipe.csv"));

        await writing;
        Assert.Contains("pipe.csv is a pipe", failure.Message, StringComparison.Ordinal);
        using var given = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Source("pipe.csv").ListAsync(given.Token).GetAsyncEnumerator(given.Token).MoveNextAsync());
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
