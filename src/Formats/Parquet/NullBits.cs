using Apache.Arrow;
using Etl.Core.Memory;

namespace Etl.Formats.Parquet;

/// <summary>Which rows of several arrays, one after the other, have a value.</summary>
internal sealed class NullBits(int rows) : IDisposable
{
    private BatchBuffer<byte>? bits;
    private int row;

    /// <summary>How many have none.</summary>
    public int NullCount { get; private set; }

    /// <summary>Adds an array's rows.</summary>
    public void Append(IArrowArray array)
    {
        if (array.NullCount > 0)
        {
            var set = Bits();
            for (var i = 0; i < array.Length; i++)
            {
                if (!array.IsNull(i))
                    continue;
                set[row + i >> 3] &= (byte)~(1 << (row + i & 7));
                NullCount++;
            }
        }
        row += array.Length;
    }

    /// <summary>The bits, for an array to own; empty when every row has a value.</summary>
    public ArrowBuffer Build() => bits?.Build() ?? ArrowBuffer.Empty;

    /// <inheritdoc/>
    public void Dispose() => bits?.Dispose();

    private Span<byte> Bits()
    {
        if (bits is null)
        {
            bits = new BatchBuffer<byte>((rows + 7) / 8);
            bits.Span.Fill(0xFF);
        }
        return bits.Span;
    }
}
