using Apache.Arrow;
using Apache.Arrow.Types;

namespace Etl.Csv.Columns;

/// <summary>A column of true and false, a bit each in Arrow.</summary>
internal sealed class BoolColumnBuilder<TParser>(TParser parser, bool nullable, NullTexts nulls) : FixedColumnBuilder<byte, TParser>(BooleanType.Default, parser, nullable, nulls)
    where TParser : struct, IFieldParser<byte>
{
    private byte[] bits = [];

    protected override IArrowArray BuildValues(int rows, int nullCount, ArrowBuffer nullBits)
    {
        var bytes = (rows + 7) / 8;
        if (bits.Length < bytes)
            bits = new byte[bytes];
        bits.AsSpan(0, bytes).Clear();
        var values = Values;
        for (var row = 0; row < rows; row++)
            bits[row >> 3] |= (byte)(values[row] << (row & 7));
        return new BooleanArray(Copy(bits.AsSpan(0, bytes)), nullBits, rows, nullCount, 0);
    }
}
