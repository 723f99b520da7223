using System.Numerics;
using Apache.Arrow;
using Apache.Arrow.Types;
using Etl.Core.Schemas;
using ParquetSharp;
using Column = Etl.Core.Schemas.Column;

namespace Etl.Formats.Parquet;

/// <summary>How one column of a file is written, by what its first row group holds.</summary>
/// <param name="Dictionary">Whether values stand once, in a dictionary.</param>
/// <param name="Encoding">How they are encoded without one.</param>
/// <param name="Decimal">For a NUMERIC column whose values fit 18 digits, how many of them are after the point; null when values are kept as wide as the type.</param>
internal sealed record ColumnPlan(bool Dictionary, Encoding Encoding, int? Decimal = null)
{
    // Below it a sample says nothing.
    private const int FewestValues = 512;

    /// <summary>The plan for a column; where <paramref name="anyBatch"/>, one that every value of its type fits.</summary>
    public static ColumnPlan For(Column column, int index, RowGroup group, bool anyBatch)
    {
        var sample = ColumnSample.Of(group.Column(index), group.Rows);
        var few = sample.Values >= FewestValues && sample.Distinct <= sample.Values / 16;
        switch (column.Type)
        {
            case ColumnType.String:
                // A dictionary that most values miss costs its making and is given up half-way.
                return new ColumnPlan(sample.Values < FewestValues || sample.Distinct <= sample.Values / 4, Encoding.Plain);
            case ColumnType.Int64 or ColumnType.Date or ColumnType.DateTime or ColumnType.Timestamp or ColumnType.Time:
                return new ColumnPlan(few && BitOperations.Log2((uint)sample.Distinct) * 2 < sample.RangeBits, Encoding.DeltaBinaryPacked);
            case ColumnType.Numeric when !anyBatch && CompactDecimals.FractionOf(group.Column(index).Cast<Decimal128Array>()) is { } fraction:
                return new ColumnPlan(few, Encoding.DeltaBinaryPacked, fraction);
            default:
                return new ColumnPlan(few && column.Type != ColumnType.Bool, Encoding.Plain);
        }
    }

    /// <summary>Whether values of another batch can be written so too.</summary>
    public bool Holds(IArrowArray column) => Decimal is not { } fraction || CompactDecimals.Fit((Decimal128Array)column, fraction);

    /// <summary>The Arrow type to write.</summary>
    public IArrowType TypeOf(Column column) => Decimal is { } fraction ? CompactDecimals.TypeOf(fraction) : column.Type.ToArrow();
}
