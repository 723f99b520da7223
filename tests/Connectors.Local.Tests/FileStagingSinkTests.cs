using System.Diagnostics;
using Etl.Connectors.Local.Files;
using Etl.Core.Errors;
using Etl.Testing;
using Xunit;

namespace Etl.Connectors.Local.Tests;

public sealed class FileStagingSinkTests : IDisposable
{
    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task AFileIsWrittenWithItsSizeAndChecksum()
    {
        var staged = await Sink("staged").WriteAsync("run/0/part.csv", new MemoryStream("123456789"u8.ToArray()), CancellationToken.None);
        Assert.Equal(9, staged.Bytes);
        // The check value of CRC-32C, 0xE3069283.
        Assert.Equal("4waSgw==", staged.Crc32c);
        Assert.Equal("123456789", File.ReadAllText(new Uri(staged.Uri).LocalPath));
        Assert.Equal(Path.Combine(folder.Path, "staged/run/0/part.csv"), new Uri(staged.Uri).LocalPath);
    }

    [Fact]
    public async Task TheSameBytesAreKeptAndOthersReplaced()
    {
        var sink = Sink("staged");
        var staged = await sink.WriteAsync("a.csv", new MemoryStream([1, 2, 3]), CancellationToken.None);
        var path = new Uri(staged.Uri).LocalPath;
        File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch);
        Assert.Equal(staged, await sink.WriteAsync("a.csv", new MemoryStream([1, 2, 3]), CancellationToken.None));
        Assert.Equal(DateTime.UnixEpoch, File.GetLastWriteTimeUtc(path));
        await sink.WriteAsync("a.csv", new MemoryStream([1, 2, 4]), CancellationToken.None);
        Assert.Equal([1, 2, 4], File.ReadAllBytes(path));
    }

    [Fact]
    public async Task WhenTheContentFailsNothingIsLeft()
    {
        await Assert.ThrowsAsync<DataException>(async () => await Sink("staged").WriteAsync("a.csv", new Failing(), CancellationToken.None));
        Assert.Empty(Directory.EnumerateFiles(folder.Path, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }));
    }

    [Theory]
    [InlineData("../a.csv")]
    [InlineData("/etc/a.csv")]
    [InlineData("a/../../b.csv")]
    [InlineData("a\\b.csv")]
    [InlineData("")]
    public async Task NamesThatLeadOutOfTheFolderAreRefused(string name) =>
        await Assert.ThrowsAsync<ArgumentException>(async () => await Sink("staged").WriteAsync(name, Stream.Null, CancellationToken.None));

    [Fact]
    public async Task AFullDiskIsSaidClearlyAndLeavesNoHalfFile()
    {
        var disk = Path.Combine(folder.Path, "disk");
        Directory.CreateDirectory(disk);
        Assert.SkipUnless(Run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk), "a full disk needs the right to mount a small one");
        try
        {
            var failure = await Assert.ThrowsAsync<ServiceException>(async () =>
                await Sink(disk).WriteAsync("a.csv", new MemoryStream(new byte[4 << 20]), CancellationToken.None));
            Assert.False(failure.Transient);
            Assert.Contains("is full", failure.Message, StringComparison.Ordinal);
            Assert.Empty(Directory.EnumerateFileSystemEntries(disk));
        }
        finally
        {
            Run("umount", disk);
        }
    }

    private FileStagingSink Sink(string path) => new(new FileStagingOptions { Path = path }, folder.Context);

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private sealed class Failing : MemoryStream
    {
        private bool read;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (read)
                throw new DataException("The source broke.");
            read = true;
            return ValueTask.FromResult(10);
        }
    }

    [Fact]
    public async Task StagedFilesAreListedAndRemoved()
    {
        var sink = Sink("staged");
        await StoredObjectsConformance.HoldsAsync(sink, async (name, content) => await sink.WriteAsync(name, new MemoryStream(content), CancellationToken.None));
        Assert.Equal(["orders2"], Directory.GetFileSystemEntries(Path.Combine(folder.Path, "staged")).Select(Path.GetFileName));
    }
}
