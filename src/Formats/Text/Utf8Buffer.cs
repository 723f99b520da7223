using System.Buffers;

namespace Etl.Formats.Text;

/// <summary>Pooled bytes on their way to a stream: values are formatted in place, without a string for each.</summary>
internal sealed class Utf8Buffer(Stream output) : IDisposable
{
    private const int FlushAt = 128 << 10;
    private byte[] bytes = ArrayPool<byte>.Shared.Rent(FlushAt * 2);
    private int used;

    /// <summary>Room for at least <paramref name="size"/> bytes, to be followed by <see cref="Advance"/>.</summary>
    public Span<byte> Room(int size)
    {
        if (bytes.Length - used < size)
            Grow(size);
        return bytes.AsSpan(used);
    }

    public void Advance(int count) => used += count;

    public void Add(byte value)
    {
        Room(1)[0] = value;
        used++;
    }

    public void Add(ReadOnlySpan<byte> value)
    {
        value.CopyTo(Room(value.Length));
        used += value.Length;
    }

    /// <summary>Adds what a number or the like formats to; none needs more than 128 bytes.</summary>
    public void Add<T>(T value, ReadOnlySpan<char> format = default) where T : IUtf8SpanFormattable
    {
        if (!value.TryFormat(Room(128), out var count, format, null))
            throw new InvalidOperationException($"A {typeof(T).Name} did not fit into 128 bytes.");
        used += count;
    }

    /// <summary>Passes the bytes on when enough have gathered: called between rows.</summary>
    public void FlushWhenFull()
    {
        if (used >= FlushAt)
            Flush();
    }

    public void Flush()
    {
        output.Write(bytes, 0, used);
        used = 0;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(bytes);
        bytes = [];
    }

    private void Grow(int size)
    {
        var larger = ArrayPool<byte>.Shared.Rent(checked(Math.Max(bytes.Length * 2, used + size)));
        bytes.AsSpan(0, used).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(bytes);
        bytes = larger;
    }
}
