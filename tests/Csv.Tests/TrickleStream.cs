namespace Etl.Csv.Tests;

/// <summary>Gives one byte a read, each after a yield.</summary>
internal sealed class TrickleStream(byte[] bytes) : MemoryStream(bytes)
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        return Read(buffer.Span[..Math.Min(1, buffer.Length)]);
    }
}
