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
            NullCount += array.NullCount;
            Append(array.Data.Buffers[0].Span, array.Offset, array.Length);
        }
        row += array.Length;
    }

    /// <summary>The bits, for an array to own; empty when every row has a value.</summary>
    public ArrowBuffer Build() => bits?.Build() ?? ArrowBuffer.Empty;

    /// <inheritdoc/>
    public void Dispose() => bits?.Dispose();

    private void Append(ReadOnlySpan<byte> from, int first, int length)
    {
        var to = Bits();
        var next = 0;
        // Whole bytes where both are at the start of one: batches mostly have a round number of rows.
        if ((row & 7) == 0 && (first & 7) == 0)
        {
            next = length & ~7;
            from.Slice(first >> 3, next >> 3).CopyTo(to[(row >> 3)..]);
        }
        for (; next < length; next++)
        {
            if (!BitUtility.GetBit(from, first + next))
                BitUtility.ClearBit(to, row + next);
        }
    }

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
