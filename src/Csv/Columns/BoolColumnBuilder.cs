using Apache.Arrow;
using Etl.Csv.Values;

namespace Etl.Csv.Columns;

/// <summary>A column of true and false, a bit each in Arrow.</summary>
internal sealed class BoolColumnBuilder : ColumnBuilder
{
    private byte[] values = [];
    private byte[] bits = [];

    public override bool TryAppend(int row, ReadOnlySpan<byte> text)
    {
        if (!BoolParser.TryParse(text, out var value))
            return false;
        values[row] = value ? (byte)1 : (byte)0;
        return true;
    }

    protected override void WriteNull(int row) => values[row] = 0;

    protected override void GrowValues(int rows)
    {
        System.Array.Resize(ref values, rows);
        System.Array.Resize(ref bits, (rows + 7) / 8);
    }

    protected override IArrowArray BuildValues(int rows, int nullCount, ArrowBuffer nulls)
    {
        var used = bits.AsSpan(0, (rows + 7) / 8);
        used.Clear();
        for (var row = 0; row < rows; row++)
            used[row >> 3] |= (byte)(values[row] << (row & 7));
        return new BooleanArray(Copy<byte>(used), nulls, rows, nullCount, 0);
    }
}
