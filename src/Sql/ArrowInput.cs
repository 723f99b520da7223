using Apache.Arrow;
using Apache.Arrow.Arrays;
using Apache.Arrow.Types;

namespace Etl.Sql;

/// <summary>A batch as DuckDB takes it: decimals of 256 bits are bytes to it.</summary>
internal static class ArrowInput
{
    /// <summary>The same memory, which the result takes over.</summary>
    public static RecordBatch Of(RecordBatch batch, Schema schema) =>
        new(schema, batch.Arrays.Select(a => a.Data.DataType is Decimal256Type ? AsBytes(a.Data) : a), batch.Length);

    private static FixedSizeBinaryArray AsBytes(ArrayData data) => new(new ArrayData(new FixedSizeBinaryType(32), data.Length, data.NullCount, data.Offset, data.Buffers));
}
