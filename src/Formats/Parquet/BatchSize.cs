using Apache.Arrow;

namespace Etl.Formats.Parquet;

/// <summary>How much Arrow data a batch holds.</summary>
internal static class BatchSize
{
    /// <summary>Bytes of values in the batch's own rows, also when its columns are slices of longer ones.</summary>
    public static long Of(RecordBatch batch)
    {
        var bytes = 0L;
        for (var i = 0; i < batch.ColumnCount; i++)
            bytes += Of(batch.Column(i));
        return bytes;
    }

    private static long Of(IArrowArray column) => column switch
    {
        StringArray text => text.Length == 0 ? 0 : text.ValueOffsets[text.Length] - text.ValueOffsets[0] + (4L * text.Length),
        BooleanArray flags => flags.Length,
        _ => (long)column.Length * Width(column),
    };

    private static int Width(IArrowArray column) => column.Data.DataType is Apache.Arrow.Types.FixedWidthType fixedWidth ? Math.Max(1, fixedWidth.BitWidth / 8) : 16;
}
