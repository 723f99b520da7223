using Etl.Core.Contracts;
using Etl.Core.Errors;

namespace Etl.Connectors.Local.Files;

/// <summary>A range of a file that tells, at its end, whether the file was changed meanwhile.</summary>
internal sealed class FileSlice(FileStream file, long length, SourceObject pinned) : Stream
{
    private long left = Math.Max(0, length);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Took(file.Read(buffer, offset, (int)Math.Min(count, left)), count);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Took(await file.ReadAsync(buffer[..(int)Math.Min(buffer.Length, left)], cancellationToken).ConfigureAwait(false), buffer.Length);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
        // Nothing is ever written.
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            file.Dispose();
        base.Dispose(disposing);
    }

    private int Took(int count, int wanted)
    {
        left -= count;
        var over = wanted > 0 && (count == 0 || left == 0);
        if (over && FileSource.FileVersion(file.Name) != pinned.Version)
            throw new ObjectChangedException(pinned.Uri);
        return count;
    }
}
