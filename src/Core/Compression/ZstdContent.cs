using ZstdSharp;

namespace Etl.Core.Compression;

/// <summary>Zstandard (RFC 8878): all frames one after the other, skippable ones skipped, checksums checked.</summary>
internal sealed class ZstdContent : PackedContent
{
    private readonly Counted stored;
    private readonly DecompressionStream frames;

    public ZstdContent(Stream stored)
    {
        this.stored = new Counted(stored);
        frames = new DecompressionStream(this.stored, checkEndOfStream: true, leaveOpen: true);
    }

    public override long PackedBytes => stored.Count;

    public override int Read(Span<byte> buffer) => frames.Read(buffer);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => frames.ReadAsync(buffer, cancellationToken);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            frames.Dispose();
        base.Dispose(disposing);
    }

    private sealed class Counted(Stream inner) : ReadOnlyStream
    {
        public long Count { get; private set; }

        public override int Read(Span<byte> buffer)
        {
            var read = inner.Read(buffer);
            Count += read;
            return read;
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            Count += read;
            return read;
        }
    }
}
