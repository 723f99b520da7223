using System.IO.Hashing;
using Apache.Arrow;

namespace Etl.Formats.Parquet;

/// <summary>Whether a dictionary pays for a column, judged by a sample of the first batch. Where nearly every value is its own, building one costs time and memory until the writer gives it up.</summary>
internal static class DictionaryChoice
{
    private const int SampleRows = 4096;
    private const int FewestRows = 512;

    /// <summary>Whether more than four in five of the sampled values differ.</summary>
    public static bool IsWasted(IArrowArray column)
    {
        var step = Math.Max(1, column.Length / SampleRows);
        var seen = new HashSet<ulong>();
        var values = 0;
        for (var row = 0; row < column.Length; row += step)
        {
            if (column.IsNull(row))
                continue;
            values++;
            seen.Add(XxHash3.HashToUInt64(Value(column, row)));
        }

        return values >= FewestRows && seen.Count > values * 4 / 5;
    }

    private static ReadOnlySpan<byte> Value(IArrowArray column, int row)
    {
        if (column is StringArray text)
            return text.GetBytes(row);
        if (column.Data.DataType is not Apache.Arrow.Types.FixedWidthType { BitWidth: >= 8 } type)
            return [];
        var width = type.BitWidth / 8;
        return column.Data.Buffers[1].Span.Slice((column.Data.Offset + row) * width, width);
    }
}
