using Etl.Core.Contracts;

namespace Etl.Core.Engine;

/// <summary>Passes reads through and keeps the CRC32C (RFC 3720, B.4) and the count of what went by.</summary>
internal sealed class ChecksummedStream(Stream inner, Action<int> onRead) : Stream
{
    private readonly ContentSum sum = new();

    /// <summary>Bytes read so far.</summary>
    public long Count => sum.Bytes;

    /// <summary>CRC32C of the bytes read so far, base64 of the big-endian value.</summary>
    public string Crc32c => sum.Crc32c;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        Add(buffer.Span[..read]);
        return read;
    }

    public override async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        await ReadAsync(buffer.AsMemory(offset, count), cancellationToken).ConfigureAwait(false);

    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = inner.Read(buffer, offset, count);
        Add(buffer.AsSpan(offset, read));
        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private void Add(ReadOnlySpan<byte> bytes)
    {
        sum.Append(bytes);
        onRead(bytes.Length);
    }
}
