using Etl.Core.Compression;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Xunit;

namespace Etl.Core.Tests.Compression;

public sealed class ObjectStreamTests
{
    private static readonly byte[] Content = [.. Enumerable.Range(0, 1_000_000).Select(i => (byte)(i * 31 % 251))];

    [Fact]
    public async Task ABrokenReadGoesOnWhereItBroke()
    {
        var source = new FakeSource { BreakAfter = 100_000 };
        await using var stream = Open(source);
        Assert.Equal(Content, await All(stream));
        Assert.Equal([0, 100_000, 200_000], source.Opened.Take(3).Select(r => r.Offset));
        Assert.Equal(1_000_000, stream.BytesRead);
        Assert.Equal(9, stream.Resumes);
    }

    [Fact]
    public async Task ASourceThatEndsEarlyIsOpenedAgain()
    {
        await using var stream = Open(new FakeSource { EndAfter = 300_000 });
        Assert.Equal(Content, await All(stream));
    }

    [Fact]
    public async Task ATransientRefusalIsTriedAgain()
    {
        await using var stream = Open(new FakeSource { Refusals = 2 });
        Assert.Equal(Content, await All(stream));
    }

    [Fact]
    public async Task ItGivesUpNamingTheObjectAndTheByteWhenNothingIsGained()
    {
        await using var stream = Open(new FakeSource { DeadAt = 1234 });
        var failure = await Assert.ThrowsAsync<ServiceException>(() => All(stream));
        Assert.Contains("fake://object could not be read beyond byte 1234", failure.Message, StringComparison.Ordinal);
        Assert.True(failure.Transient);
    }

    [Fact]
    public async Task ItGivesUpOnASourceThatKeepsEndingAtOneByte()
    {
        var source = new FakeSource { EndAfter = 0 };
        await using var stream = Open(source);
        var failure = await Assert.ThrowsAsync<ServiceException>(() => All(stream));
        Assert.StartsWith("fake://object could not be read beyond byte 0 of 1000000: 4 attempts in a row failed, at last with: The source ended", failure.Message, StringComparison.Ordinal);
        Assert.Equal(4, source.Opened.Count);
    }

    [Fact]
    public async Task AChangedObjectIsNotTriedAgain()
    {
        var source = new FakeSource { BreakAfter = 100, ChangedAfterOpens = 1 };
        await using var stream = Open(source);
        await Assert.ThrowsAsync<ObjectChangedException>(() => All(stream));
        Assert.Equal(2, source.Opened.Count);
    }

    [Fact]
    public async Task SeekingFarOpensAgainAndNearReadsThrough()
    {
        var source = new FakeSource();
        await using var stream = Open(source);
        var buffer = new byte[4];
        await stream.ReadExactlyAsync(buffer);
        stream.Position = 1000;
        await stream.ReadExactlyAsync(buffer);
        Assert.Equal(Content[1000..1004], buffer);
        Assert.Single(source.Opened);
        stream.Seek(-4, SeekOrigin.End);
        await stream.ReadExactlyAsync(buffer);
        Assert.Equal(Content[^4..], buffer);
        Assert.Equal(2, source.Opened.Count);
        Assert.Equal(0, await stream.ReadAsync(buffer));
    }

    [Fact]
    public void ItCanBeReadBlocking()
    {
        using var stream = Open(new FakeSource { BreakAfter = 400_000 });
        var content = new MemoryStream();
        stream.CopyTo(content);
        Assert.Equal(Content, content.ToArray());
    }

    [Fact]
    public async Task CancellationIsNotTakenForABrokenConnection()
    {
        using var cancel = new CancellationTokenSource();
        await using var stream = Open(new FakeSource());
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await stream.ReadExactlyAsync(new byte[10], cancel.Token));
    }

    private static ObjectStream Open(FakeSource source) =>
        new(source, new SourceObject("fake://object", "1", Content.Length, DateTimeOffset.UnixEpoch), new ImpatientTime(), 3);

    private static async Task<byte[]> All(Stream stream)
    {
        var content = new MemoryStream();
        await stream.CopyToAsync(content, TestContext.Current.CancellationToken);
        return content.ToArray();
    }

    /// <summary>A clock whose waits are over at once.</summary>
    private sealed class ImpatientTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? TimeSpan.FromMilliseconds(1) : dueTime, period);
    }

    private sealed class FakeSource : ISource
    {
        public List<ByteRange> Opened { get; } = [];

        public int BreakAfter { get; init; } = int.MaxValue;

        public int EndAfter { get; init; } = int.MaxValue;

        public int DeadAt { get; init; } = int.MaxValue;

        public int ChangedAfterOpens { get; init; } = int.MaxValue;

        public int Refusals { get; set; }

        public IAsyncEnumerable<SourceObject> ListAsync(CancellationToken cancel) => throw new NotSupportedException();

        public ValueTask<Stream> OpenAsync(SourceObject source, ByteRange range, CancellationToken cancel)
        {
            cancel.ThrowIfCancellationRequested();
            Opened.Add(range);
            if (Opened.Count > ChangedAfterOpens)
                throw new ObjectChangedException(source.Uri);
            if (Refusals-- > 0)
                throw new ServiceException("Slow down.", transient: true);
            var end = (int)Math.Min(range.Offset + Math.Min(range.Length ?? long.MaxValue, EndAfter), Content.Length);
            return ValueTask.FromResult<Stream>(new Breaking(Content[(int)range.Offset..end], Math.Min(BreakAfter, DeadAt - (int)range.Offset)));
        }
    }

    private sealed class Breaking(byte[] content, int breakAfter) : MemoryStream(content)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var left = breakAfter - (int)Position;
            return left <= 0 && Position < Length
                ? throw new IOException("Connection reset by peer.")
                : base.ReadAsync(buffer[..Math.Min(buffer.Length, Math.Max(left, 0))], cancellationToken);
        }
    }
}
