using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Testing;
using Etl.TestSupport;
using Xunit;

namespace Etl.Connectors.Azure.Tests;

/// <summary>Files of one request and of several blocks.</summary>
public sealed class AzureTargetTests(AzuriteServer azurite) : IAsyncLifetime
{
    private readonly TestFolder folder = new();
    private BlobContainerClient container = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => container = await azurite.NewContainerAsync();

    public ValueTask DisposeAsync()
    {
        folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(100, 0)]
    [InlineData(1 << 20, 1)]
    [InlineData((3 << 20) + 7, 4)]
    public async Task AFileIsWrittenInBlocksAndReadBack(int length, int blocks)
    {
        var content = Bytes(length, 7);

        var staged = await WriteAsync("p/run/a b+表.parquet", content);

        Assert.Equal(($"az://{azurite.Account.Authority}/devstoreaccount1/{container.Name}/orders/p/run/a b+表.parquet", (long)length), (staged.Uri, staged.Bytes));
        Assert.Equal(content, await ReadAsync(staged, ByteRange.All));
        if (length > 50) Assert.Equal(content[10..30], await ReadAsync(staged, new ByteRange(10, 20)));
        Assert.Equal(blocks, (await container.GetBlockBlobClient("orders/p/run/a b+表.parquet").GetBlockListAsync(BlockListTypes.Committed, cancellationToken: Cancel)).Value.CommittedBlocks.Count());
    }

    [Theory]
    [InlineData(100)]
    [InlineData((2 << 20) + 7)]
    public async Task ALeftoverWithTheSameBytesIsKeptAndOneWithOthersMakesWay(int length)
    {
        var first = await WriteAsync("a", Bytes(length, 1));
        var before = (await container.GetBlobClient("orders/a").GetPropertiesAsync(cancellationToken: Cancel)).Value.ETag;

        Assert.Equal(first, await WriteAsync("a", Bytes(length, 1)));
        Assert.Equal(before, (await container.GetBlobClient("orders/a").GetPropertiesAsync(cancellationToken: Cancel)).Value.ETag);
        var other = await Assert.ThrowsAsync<ServiceException>(() => WriteAsync("a", Bytes(length, 2)));
        Assert.True(other.Transient);
        await WriteAsync("a", Bytes(length, 2));

        Assert.Equal(Bytes(length, 2), await ReadAsync(first, ByteRange.All));
    }

    [Fact]
    public async Task WritersOfOneNameAtTheSameTimeEndInOneFile()
    {
        var staged = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => RetriedAsync("a", Bytes(3 << 20, 3)), Cancel)));

        Assert.Single(staged.Distinct());
        Assert.Equal(Bytes(3 << 20, 3), await ReadAsync(staged[0], ByteRange.All));
    }

    [Fact]
    public async Task BlocksOfAnUploadThatBrokeAreNoFile()
    {
        var failure = new DataException("The source broke.");

        Assert.Same(failure, await Assert.ThrowsAsync<DataException>(async () => await Sink().WriteAsync("a", new UnknownLengthStream(Bytes(2 << 20, 1), failure), Cancel)));

        Assert.Empty(await Sink().ListAsync("", Cancel).ToListAsync(Cancel));
        await WriteAsync("a", Bytes(2 << 20, 2));
        Assert.Single(await Sink().ListAsync("", Cancel).ToListAsync(Cancel));
    }

    private static byte[] Bytes(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private async Task<StagedFile> WriteAsync(string name, byte[] content) => await Sink().WriteAsync(name, new UnknownLengthStream(content), Cancel);

    // As the engine does: of two that make a file at once, one may be told to try again.
    private async Task<StagedFile> RetriedAsync(string name, byte[] content)
    {
        for (var attempt = 1; ; attempt++)
            try
            {
                return await WriteAsync(name, content);
            }
            catch (ServiceException e) when (e.Transient && attempt < 5)
            {
            }
    }

    private async Task<byte[]> ReadAsync(StagedFile file, ByteRange range)
    {
        await using var stream = await Sink().OpenAsync(file, range, Cancel);
        using var all = new MemoryStream();
        await stream.CopyToAsync(all, Cancel);
        return all.ToArray();
    }

    private AzureStagingSink Sink() => new(new AzureStagingOptions { Account = azurite.Account, Container = container.Name, AccountKey = AzuriteContainers.Key, Prefix = "orders/", ChunkMib = 1 }, folder.Context);
}
