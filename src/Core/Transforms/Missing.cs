using Apache.Arrow;
using Apache.Arrow.Types;
using Etl.Core.Memory;
using Etl.Core.Schemas;

namespace Etl.Core.Transforms;

/// <summary>Columns of missing values.</summary>
internal static class Missing
{
    /// <summary>A column of <paramref name="length"/> of them.</summary>
    public static IArrowArray Column(ColumnType type, int length)
    {
        var arrow = type.ToArrow();
        var valid = Zeros((length + 7) / 8);
        ArrowBuffer[] buffers = arrow is FixedWidthType { BitWidth: var bits }
            ? [valid, Zeros((int)(((long)bits * length + 7) / 8))]
            : [valid, Zeros((length + 1) * sizeof(int)), ArrowBuffer.Empty];
        return ArrowArrayFactory.BuildArray(new ArrayData(arrow, length, length, 0, buffers));
    }

    private static ArrowBuffer Zeros(int bytes)
    {
        using var buffer = new BatchBuffer<byte>(bytes);
        buffer.Span.Clear();
        return buffer.Build();
    }
}
