using System.IO.Hashing;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.State;
using Xunit;

namespace Etl.Testing;

/// <summary>What every <see cref="IStagingSink"/> must do: a name is absent or complete, writing the same again changes nothing, and checksums are true. Inherit it, and say how a staged file is read back.</summary>
public abstract class StagingSinkConformance : ConnectorConformance
{
    /// <summary>The sink, over a place that is empty when a test begins.</summary>
    protected abstract IStagingSink CreateSink();

    /// <summary>The bytes of a staged file, as the service has them.</summary>
    protected abstract Task<byte[]> ReadAsync(StagedFile file);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3_000_001)]
    public async Task AFileIsStagedAsItIsWithItsSizeAndChecksum(int length)
    {
        var content = Content(length);

        var staged = await WriteAsync(CreateSink(), "orders/run/split-000000-000.parquet", content);

        Assert.Equal((length, Crc32c(content)), (staged.Bytes, staged.Crc32c));
        Assert.Equal(content, await ReadAsync(staged));
    }

    [Fact]
    public async Task WritingTheSameAgainKeepsWhatIsThere()
    {
        var first = await WriteAsync(CreateSink(), "orders/a", Content(100_000));
        var listed = await ListAsync();

        Assert.Equal(first, await WriteAsync(CreateSink(), "orders/a", Content(100_000)));
        Assert.Equal(listed, await ListAsync());
    }

    [Theory]
    [InlineData(100_000)]
    [InlineData(40_000)]
    public async Task ALeftoverWithOtherBytesGivesWay(int leftover)
    {
        await WriteAsync(CreateSink(), "orders/a", Content(leftover, seed: 1));

        var staged = await WriteAsync(CreateSink(), "orders/a", Content(100_000));

        Assert.Equal(Content(100_000), await ReadAsync(staged));
        Assert.Equal(("orders/a", 100_000L), (Assert.Single(await ListAsync()).Name, staged.Bytes));
    }

    [Fact]
    public async Task WhenTheContentFailsThatIsWhatFailsAndNothingIsVisible()
    {
        var failure = new DataException("The source broke.");

        var error = await FailsAsync<DataException>(async () => await CreateSink().WriteAsync("orders/a", new UnknownLengthStream(Content(500_000), failure), Cancel));

        Assert.Same(failure, error);
        Assert.Empty(await ListAsync());
    }

    [Fact]
    public async Task ManyFilesAreWrittenAtOnce()
    {
        var sink = CreateSink();

        var staged = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() => WriteAsync(sink, $"orders/{i}", Content(50_000, seed: i)), Cancel)));

        for (var i = 0; i < staged.Length; i++) Assert.Equal(Content(50_000, seed: i), await ReadAsync(staged[i]));
        Assert.Equal(staged.Length, staged.Select(s => s.Uri).Distinct().Count());
    }

    [Fact]
    public async Task TwoTasksThatWriteOneNameAtOnceLeaveOneWholeFile()
    {
        var staged = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => WriteAsync(CreateSink(), "orders/a", Content(300_000)), Cancel)));

        Assert.Single(staged.Distinct());
        Assert.Equal(Content(300_000), await ReadAsync(staged[0]));
        Assert.Single(await ListAsync());
    }

    [Fact]
    public async Task AWriteStopsWhenItIsCancelledAndNothingIsVisible()
    {
        await StopsWhenCancelledAsync(async cancel => await CreateSink().WriteAsync("orders/a", new UnknownLengthStream(Content(500_000)), cancel));

        Assert.Empty(await ListAsync());
    }

    [Fact]
    public async Task StagedFilesAreListedAndRemoved()
    {
        var sink = CreateSink();
        await StoredObjectsConformance.HoldsAsync(sink, (name, content) => WriteAsync(sink, name, content));
    }

    private Task<StagedFile> WriteAsync(IStagingSink sink, string name, byte[] content) =>
        RetriedAsync(async () => await sink.WriteAsync(name, new UnknownLengthStream(content), Cancel));

    private async Task<List<StoredObject>> ListAsync() => await CreateSink().ListAsync("orders/", Cancel).ToListAsync(Cancel);

    internal static string Crc32c(byte[] content)
    {
        var crc = new Crc32(Crc32ParameterSet.Crc32C);
        crc.Append(content);
        var bytes = new byte[4];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(bytes, crc.GetCurrentHashAsUInt32());
        return Convert.ToBase64String(bytes);
    }
}
