using Apache.Arrow;

namespace Etl.Csv.Columns;

/// <summary>A column of UTF-8 text.</summary>
internal sealed class StringColumnBuilder : ColumnBuilder
{
    private int[] offsets = [0];
    private byte[] bytes = new byte[4096];

    public override bool HoldsEmptyText => true;

    public override bool TryAppend(int row, ReadOnlySpan<byte> text)
    {
        var start = offsets[row];
        var end = start + text.Length;
        if (end > bytes.Length)
            System.Array.Resize(ref bytes, Math.Max(end, bytes.Length * 2));
        text.CopyTo(bytes.AsSpan(start));
        offsets[row + 1] = end;
        return true;
    }

    protected override void WriteNull(int row) => offsets[row + 1] = offsets[row];

    protected override void GrowValues(int rows) => System.Array.Resize(ref offsets, rows + 1);

    protected override IArrowArray BuildValues(int rows, int nullCount, ArrowBuffer nulls) =>
        new StringArray(rows, Copy<int>(offsets.AsSpan(0, rows + 1)), Copy<byte>(bytes.AsSpan(0, offsets[rows])), nulls, nullCount, 0);
}
