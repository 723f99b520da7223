using System.IO.Pipelines;

namespace Etl.Core.Engine;

/// <summary>From the first read on, reads another stream ahead, at most <see cref="Ahead"/> bytes, on its own task: so downloading and decompressing go on while the reader works. Does not dispose the other stream.</summary>
internal sealed class ReadAheadStream : Stream
{
    /// <summary>How far ahead, in bytes.</summary>
    public const int Ahead = 4 << 20;

    private const int ChunkBytes = 256 << 10;
    private readonly Pipe pipe = new(new PipeOptions(pauseWriterThreshold: Ahead, resumeWriterThreshold: Ahead / 2, minimumSegmentSize: ChunkBytes, useSynchronizationContext: false));
    private readonly CancellationTokenSource stop;
    private readonly Lazy<Task> copying;
    private readonly Stream reader;

    public ReadAheadStream(Stream inner, CancellationToken cancel)
    {
        stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        reader = pipe.Reader.AsStream();
        copying = new Lazy<Task>(() => Task.Run(() => CopyAsync(inner), CancellationToken.None));
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => Started().ReadAsync(buffer, cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => Started().ReadAsync(buffer, offset, count, cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => Started().Read(buffer, offset, count);

    public override async ValueTask DisposeAsync()
    {
        await stop.CancelAsync().ConfigureAwait(false);
        await pipe.Reader.CompleteAsync().ConfigureAwait(false);
        if (copying.IsValueCreated) await copying.Value.ConfigureAwait(false);
        stop.Dispose();
        await base.DisposeAsync().ConfigureAwait(false);
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private Stream Started()
    {
        _ = copying.Value;
        return reader;
    }

    // A failure is the reader's to see, where it belongs: at the byte it happened.
    private async Task CopyAsync(Stream inner)
    {
        Exception? failure = null;
        try
        {
            while (true)
            {
                var read = await inner.ReadAsync(pipe.Writer.GetMemory(ChunkBytes), stop.Token).ConfigureAwait(false);
                if (read == 0) break;
                pipe.Writer.Advance(read);
                if ((await pipe.Writer.FlushAsync(stop.Token).ConfigureAwait(false)).IsCompleted) break;
            }
        }
        catch (Exception e)
        {
            failure = e;
        }

        await pipe.Writer.CompleteAsync(failure).ConfigureAwait(false);
    }
}
