namespace Etl.Csv.Reading;

/// <summary>A sample's bytes, then all that follows them where that is to be looked at too, which belongs to whoever made the sample.</summary>
internal sealed class SampleStream(ReadOnlyMemory<byte> bytes, Stream? rest) : ReadOnlyStream
{
    private ReadOnlyMemory<byte> left = bytes;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        left.IsEmpty && rest is not null ? rest.ReadAsync(buffer, cancellationToken) : ValueTask.FromResult(Read(buffer.Span));

    public override int Read(Span<byte> buffer)
    {
        var count = Math.Min(buffer.Length, left.Length);
        left.Span[..count].CopyTo(buffer);
        left = left[count..];
        return count;
    }
}
