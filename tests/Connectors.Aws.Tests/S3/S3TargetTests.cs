using Etl.Connectors.Aws.S3;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Testing;
using Xunit;

namespace Etl.Connectors.Aws.Tests.S3;

/// <summary>Files of one request and of several, in the local cloud's S3.</summary>
[Collection("environment variables")]
public class S3TargetTests : IAsyncLifetime
{
    private readonly TestFolder folder = new();
    private S3Server? server;

    public async ValueTask InitializeAsync() => server = await StartAsync(folder.Path);

    public async ValueTask DisposeAsync()
    {
        // A test that is skipped has none.
        if (server is not null) await server.DisposeAsync();
        folder.Dispose();
        GC.SuppressFinalize(this);
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

        Assert.Equal(($"s3://{server!.Bucket}/orders/p/run/a b+表.parquet", (long)length), (staged.Uri, staged.Bytes));
        Assert.Equal(content, await ReadAsync(sink, staged, Core.Contracts.ByteRange.All));
        if (length > 50) Assert.Equal(content[10..30], await ReadAsync(sink, staged, new Core.Contracts.ByteRange(10, 20)));
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

    protected virtual Task<S3Server> StartAsync(string folder) => S3Server.LocalCloudAsync(folder);

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

    private S3StagingSink Sink() => new(new S3StagingOptions { Bucket = server!.Bucket, Prefix = "orders/", ChunkMib = 5 }, folder.Context);
}
