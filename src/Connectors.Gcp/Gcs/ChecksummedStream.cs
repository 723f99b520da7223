using System.Buffers;
using Etl.Core.Contracts;

namespace Etl.Connectors.Gcp.Gcs;

/// <summary>Counts and sums the bytes that are read through it. Leaves the inner stream open.</summary>
internal sealed class ChecksummedStream(Stream inner) : Stream
{
    private readonly ContentSum sum = new();

    public long Count => sum.Bytes;

    public string Crc => sum.Crc32c;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Reads what is left, so that count and sum are of the whole.</summary>
    public async ValueTask DrainAsync(CancellationToken cancel)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 16);
        try
        {
            while (await ReadAsync(buffer, cancel).ConfigureAwait(false) > 0)
            {
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        return Sum(buffer.Span, read);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(Span<byte> buffer) => Sum(buffer, inner.Read(buffer));

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private int Sum(Span<byte> buffer, int read)
    {
        sum.Append(buffer[..read]);
        return read;
    }
}
