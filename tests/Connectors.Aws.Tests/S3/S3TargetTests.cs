using System.Text;
using Etl.Connectors.Aws.S3;
using Etl.Core.Connectors;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.State;
using Etl.LocalCloud;
using Etl.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Etl.Connectors.Aws.Tests.S3;

/// <summary>Staged files and state in the local cloud's S3, by its conditional writes.</summary>
[Collection("environment variables")]
public sealed class S3TargetTests : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("etl-s3-").FullName;
    private readonly Dictionary<string, string?> before = [];
    private LocalCloudServer cloud = null!;

    public async ValueTask InitializeAsync()
    {
        cloud = await LocalCloudServer.StartAsync(new LocalCloudOptions { DataFolder = folder }, TestContext.Current.CancellationToken);
        foreach (var (name, value) in cloud.Environment)
        {
            before[name] = Environment.GetEnvironmentVariable(name);
            Environment.SetEnvironmentVariable(name, value);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (name, value) in before) Environment.SetEnvironmentVariable(name, value);
        await cloud.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(5 << 20)]
    [InlineData((11 << 20) + 7)]
    public async Task AFileIsWrittenAndReadBack(int length)
    {
        var content = Bytes(length, 7);
        using var sink = Sink();

        var staged = await sink.WriteAsync("p/run/a b+表.parquet", new MemoryStream(content), TestContext.Current.CancellationToken);

        Assert.Equal(("s3://lake/orders/p/run/a b+表.parquet", (long)length), (staged.Uri, staged.Bytes));
        Assert.Equal(content, await ReadAsync(sink, staged, Core.Contracts.ByteRange.All));
        if (length > 50) Assert.Equal(content[10..30], await ReadAsync(sink, staged, new Core.Contracts.ByteRange(10, 20)));
    }

    [Fact]
    public async Task TheChecksumIsTheOneThatTheEngineCompares()
    {
        using var sink = Sink();

        // RFC 3720, B.4 gives 0xE3069283 for "123456789".
        Assert.Equal(Convert.ToBase64String([0xE3, 0x06, 0x92, 0x83]), (await sink.WriteAsync("x", new MemoryStream("123456789"u8.ToArray()), TestContext.Current.CancellationToken)).Crc32c);
    }

    [Theory]
    [InlineData(100)]
    [InlineData((11 << 20) + 7)]
    public async Task ALeftoverWithTheSameBytesIsKeptAndOneWithOthersMakesWay(int length)
    {
        using var sink = Sink();
        var first = await sink.WriteAsync("a", new MemoryStream(Bytes(length, 1)), TestContext.Current.CancellationToken);

        Assert.Equal(first, await sink.WriteAsync("a", new MemoryStream(Bytes(length, 1)), TestContext.Current.CancellationToken));
        var other = await Assert.ThrowsAsync<ServiceException>(async () => await sink.WriteAsync("a", new MemoryStream(Bytes(length, 2)), TestContext.Current.CancellationToken));
        Assert.True(other.Transient);
        await sink.WriteAsync("a", new MemoryStream(Bytes(length, 2)), TestContext.Current.CancellationToken);

        Assert.Equal(Bytes(length, 2), await ReadAsync(sink, first, Core.Contracts.ByteRange.All));
    }

    [Fact]
    public async Task WritersOfOneNameAtTheSameTimeEndInOneFile()
    {
        using var sink = Sink();

        var staged = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => sink.WriteAsync("a", new MemoryStream(Bytes(6 << 20, 3)), TestContext.Current.CancellationToken).AsTask()));

        Assert.Single(staged.Distinct());
    }

    [Fact]
    public async Task FilesAndDocumentsAreListedAndRemovedAsTheyWereListed()
    {
        using var sink = Sink();
        using var store = Store();

        await StoredObjectsConformance.HoldsAsync(sink, async (name, bytes) =>
        {
            foreach (var old in await sink.ListAsync(name, default).ToListAsync()) await sink.DeleteAsync(old, default);
            await sink.WriteAsync(name, new MemoryStream(bytes), default);
        });
        await StoredObjectsConformance.HoldsAsync(store, async (name, bytes) => await store.WriteAsync(name, bytes, WriteCondition.Always, default));
    }

    [Fact]
    public async Task TheSecondWriterOfAVersionLoses()
    {
        using var store = Store();
        Assert.Null(await store.ReadAsync("s", default));
        var first = await store.WriteAsync("s", Encoding.UTF8.GetBytes("1"), WriteCondition.Create, default);
        var second = await store.WriteAsync("s", Encoding.UTF8.GetBytes("2"), WriteCondition.IfVersion(first), default);

        await Assert.ThrowsAsync<StateConflictException>(async () => await store.WriteAsync("s", Encoding.UTF8.GetBytes("3"), WriteCondition.IfVersion(first), default));
        await Assert.ThrowsAsync<StateConflictException>(async () => await store.WriteAsync("s", Encoding.UTF8.GetBytes("3"), WriteCondition.Create, default));
        await Assert.ThrowsAsync<StateConflictException>(async () => await store.WriteAsync("none", Encoding.UTF8.GetBytes("3"), WriteCondition.IfVersion(first), default));

        var read = (await store.ReadAsync("s", default))!;
        Assert.Equal(("2", second), (Encoding.UTF8.GetString(read.Content.Span), read.Version));
    }

    private static byte[] Bytes(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static async Task<byte[]> ReadAsync(S3StagingSink sink, StagedFile file, Core.Contracts.ByteRange range)
    {
        await using var stream = await sink.OpenAsync(file, range, TestContext.Current.CancellationToken);
        using var all = new MemoryStream();
        await stream.CopyToAsync(all, TestContext.Current.CancellationToken);
        return all.ToArray();
    }

    private static S3StagingSink Sink() => new(new S3StagingOptions { Bucket = "lake", Prefix = "orders/", ChunkMib = 5 }, Context());

    private static S3StateStore Store() => new(new S3StateOptions { Bucket = "lake", Prefix = "state/" }, Context());

    private static ConnectorContext Context() => new("test", "/", local: true, TimeProvider.System, NullLoggerFactory.Instance, new Dictionary<Type, object>());
}
