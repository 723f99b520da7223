using System.Text;
using Etl.Connectors.Gcp.Gcs;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Testing;
using Xunit;

namespace Etl.Connectors.Gcp.Tests.Gcs;

public sealed class GcsStagingSinkTests : Cloud
{
    [Fact]
    public void TheChecksumIsCrc32c()
    {
        // RFC 3720, B.4 gives 0xE3069283 for "123456789".
        var crc = new ContentSum();
        crc.Append("1234"u8);
        crc.Append("56789"u8);
        Assert.Equal(Convert.ToBase64String([0xE3, 0x06, 0x92, 0x83]), crc.Crc32c);
    }

    [Fact]
    public async Task ContentOfUnknownLengthIsSentInParts()
    {
        var content = new byte[(2 << 20) + 12345];
        new Random(7).NextBytes(content);
        using var sink = Sink();

        var staged = await sink.WriteAsync("run/0.parquet", new Forward(content), default);

        Assert.Equal("gs://staging/orders/run/0.parquet", staged.Uri);
        Assert.Equal(content.Length, staged.Bytes);
        Assert.Equal(content, Google.Objects["orders/run/0.parquet"].Content);
        Assert.Equal(3, Google.Parts);
    }

    [Fact]
    public async Task AnEmptyFileIsStaged()
    {
        using var sink = Sink();
        Assert.Equal(0, (await sink.WriteAsync("empty", new Forward([]), default)).Bytes);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ALeftoverWithTheSameBytesIsKept(bool atTheEnd)
    {
        Google.RefuseAtTheEnd = atTheEnd;
        Google.Objects["orders/a"] = (Encoding.UTF8.GetBytes("the same"), 5);
        using var sink = Sink();

        Assert.Equal(8, (await sink.WriteAsync("a", new Forward(Encoding.UTF8.GetBytes("the same")), default)).Bytes);
        Assert.Equal(5, Google.Objects["orders/a"].Generation);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ALeftoverWithOtherBytesGivesWayToTheNextTry(bool atTheEnd)
    {
        Google.RefuseAtTheEnd = atTheEnd;
        Google.Objects["orders/a"] = (Encoding.UTF8.GetBytes("half of"), 5);
        using var sink = Sink();

        var error = await Assert.ThrowsAsync<ServiceException>(async () => await sink.WriteAsync("a", new Forward(Encoding.UTF8.GetBytes("the whole")), default));
        Assert.True(error.Transient);
        await sink.WriteAsync("a", new Forward(Encoding.UTF8.GetBytes("the whole")), default);
        Assert.Equal("the whole", Encoding.UTF8.GetString(Google.Objects["orders/a"].Content));
    }

    [Fact]
    public async Task BytesThatArriveChangedAreDeletedAndSentAgain()
    {
        Google.BreakChecksums = true;
        using var sink = Sink();
        Assert.True((await Assert.ThrowsAsync<ServiceException>(async () => await sink.WriteAsync("a", new Forward([1, 2, 3]), default))).Transient);
        Assert.Empty(Google.Objects);
    }

    [Fact]
    public async Task AMissingBucketIsSaidToBeMissing()
    {
        using var sink = new GcsStagingSink(new GcsStagingOptions { Bucket = "typo" }, Context());
        var error = await Assert.ThrowsAsync<ServiceException>(async () => await sink.WriteAsync("a", new Forward([1]), default));
        Assert.StartsWith("There is no bucket gs://typo", error.Message);
        Assert.False(error.Transient);
    }

    [Fact]
    public async Task ARefusedSignInReachesTheUserAsItIs()
    {
        Google.ImpersonationRefusal = (403, """{"error":{"code":403,"message":"Permission denied."}}""");
        using var sink = Sink();
        var error = await Assert.ThrowsAsync<ServiceException>(async () => await sink.WriteAsync("a", new Forward([1]), default));
        Assert.Contains("workloadIdentityUser", error.Message);
    }

    [Fact]
    public async Task ManyUploadsSignInOnce()
    {
        using var sink = Sink();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => sink.WriteAsync($"f{i}", new Forward([1]), default).AsTask()));
        Assert.Single(Google.Exchanges);
        Assert.Single(Google.Impersonations);
    }

    private GcsStagingSink Sink() => new(new GcsStagingOptions { Bucket = "staging", Prefix = "orders/", ChunkMib = 1 }, Context());

    /// <summary>Read once, forward, of unknown length.</summary>
    private sealed class Forward(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();
    }

    [Fact]
    public async Task StagedFilesAreListedAndRemoved()
    {
        using var sink = Sink();
        await StoredObjectsConformance.HoldsAsync(sink, async (name, content) =>
        {
            Google.Objects.TryRemove("orders/" + name, out _);
            await sink.WriteAsync(name, new Forward(content), default);
        });
    }
}
