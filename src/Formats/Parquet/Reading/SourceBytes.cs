using System.Runtime.ExceptionServices;

namespace Etl.Formats.Parquet.Reading;

/// <summary>Stands between the native reader and the stream it reads. The native reader blocks, and turns exceptions into its own; this keeps the original, and stops when it is to.</summary>
internal sealed class SourceBytes(Stream inner, CancellationToken cancel) : Stream
{
    private ExceptionDispatchInfo? failure;

    /// <summary>Throws the stream's own exception, where there was one.</summary>
    public void ThrowFailure() => failure?.Throw();

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => inner.Length;

    public override long Position { get => inner.Position; set => inner.Position = value; }

    public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

    public override int Read(byte[] buffer, int offset, int count)
    {
        try
        {
            cancel.ThrowIfCancellationRequested();
            // As much as is asked for: the native reader takes less for the end of the file. Asynchronously, because nothing else stops when it is to while it waits.
            return inner.ReadAtLeastAsync(buffer.AsMemory(offset, count), count, throwOnEndOfStream: false, cancel).AsTask().GetAwaiter().GetResult();
        }
        catch (Exception e)
        {
            failure ??= ExceptionDispatchInfo.Capture(e);
            throw;
        }
    }

    public override int Read(Span<byte> buffer)
    {
        var bytes = new byte[buffer.Length];
        var read = Read(bytes, 0, bytes.Length);
        bytes.AsSpan(0, read).CopyTo(buffer);
        return read;
    }

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
