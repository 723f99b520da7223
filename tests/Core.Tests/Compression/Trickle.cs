namespace Etl.Core.Tests.Compression;

/// <summary>Gives a few bytes at a time and does not seek, as a network does.</summary>
internal sealed class Trickle(byte[] content, int atMost) : MemoryStream(content)
{
    public override bool CanSeek => false;

    public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, atMost));

    public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, atMost)]);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        base.ReadAsync(buffer[..Math.Min(buffer.Length, atMost)], cancellationToken);
}
