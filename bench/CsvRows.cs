using System.Buffers.Text;

namespace Etl.Bench;

/// <summary>CSV bytes on their way to a file.</summary>
internal sealed class CsvRows(Stream output)
{
    private const int FlushAt = 1 << 20;
    private readonly byte[] bytes = new byte[FlushAt + (64 << 10)];
    private int used;

    public long Written { get; private set; }

    public void Text(ReadOnlySpan<byte> text)
    {
        text.CopyTo(bytes.AsSpan(used));
        used += text.Length;
    }

    public void Number(long value, int digits = 0)
    {
        Utf8Formatter.TryFormat(value, bytes.AsSpan(used), out var count, digits > 0 ? new('D', (byte)digits) : default);
        used += count;
    }

    public void Comma() => bytes[used++] = (byte)',';

    public void EndRow()
    {
        bytes[used++] = (byte)'\n';
        if (used >= FlushAt)
            Flush();
    }

    public long Length => Written + used;

    public void Flush()
    {
        output.Write(bytes, 0, used);
        Written += used;
        used = 0;
    }
}
