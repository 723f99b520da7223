using Apache.Arrow;
using Apache.Arrow.Types;

namespace Etl.Csv.Columns;

/// <summary>A column of values of one size.</summary>
/// <typeparam name="T">The value as Arrow lays it out.</typeparam>
/// <typeparam name="TParser">How text becomes one; a struct, so that the call is inlined.</typeparam>
internal sealed class FixedColumnBuilder<T, TParser>(IArrowType type) : ColumnBuilder where T : unmanaged where TParser : struct, IFieldParser<T>
{
    private T[] values = [];

    public override bool TryAppend(int row, ReadOnlySpan<byte> text) => default(TParser).TryParse(text, out values[row]);

    protected override void WriteNull(int row) => values[row] = default;

    protected override void GrowValues(int rows) => System.Array.Resize(ref values, rows);

    protected override IArrowArray BuildValues(int rows, int nullCount, ArrowBuffer nulls) =>
        ArrowArrayFactory.BuildArray(new ArrayData(type, rows, nullCount, 0, [nulls, Copy<T>(values.AsSpan(0, rows))]));
}
