using System.Runtime.ExceptionServices;

namespace Etl.Formats;

/// <summary>
/// Stands between an encoder and the stream it was given. Writers put an end on the file when they are disposed, even after a failure; once
/// abandoned, this swallows it, so that half a file never ends like a whole one. A native writer turns exceptions into its own; this keeps the original.
/// </summary>
internal sealed class EncoderOutput(Stream inner, CancellationToken cancel) : Stream
{
    private ExceptionDispatchInfo? failure;
    private bool abandoned;
    private long written;

    /// <summary>From now on nothing reaches the stream.</summary>
    public void Abandon() => abandoned = true;

    /// <summary>Throws the stream's own exception, where there was one.</summary>
    public void ThrowFailure() => failure?.Throw();

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (abandoned)
            return;
        try
        {
            cancel.ThrowIfCancellationRequested();
            inner.Write(buffer);
            written += buffer.Length;
        }
        catch (Exception e)
        {
            abandoned = true;
            failure = ExceptionDispatchInfo.Capture(e);
            throw;
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => written;

    /// <summary>Bytes written so far: Parquet's footer points back by them.</summary>
    public override long Position
    {
        get => written;
        set => throw new NotSupportedException();
    }

    public override void Flush()
    {
        // The owner of the stream flushes it; a flush in the middle of a file gains nothing.
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
