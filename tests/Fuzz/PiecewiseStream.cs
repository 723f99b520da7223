namespace Etl.Fuzz;

/// <summary>Gives a few bytes a read, so that every block ends somewhere else.</summary>
internal sealed class PiecewiseStream(byte[] bytes, int seed) : MemoryStream(bytes)
{
    private readonly Random random = new(seed);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // Sometimes at once, sometimes not: both ways through the parser.
        if (random.Next(4) == 0)
            await Task.Yield();
        return Read(buffer.Span[..Math.Min(buffer.Length, random.Next(1, 40))]);
    }
}
