using Etl.Core.Schemas;
using Etl.Csv.Values;

namespace Etl.Csv.Columns;

/// <summary>The builder of each column type.</summary>
internal static class ColumnBuilders
{
    public static ColumnBuilder Create(ColumnType type) => type switch
    {
        ColumnType.Int64 => new FixedColumnBuilder<long, Int64Field>(type.ToArrow()),
        ColumnType.Float64 => new FixedColumnBuilder<double, Float64Field>(type.ToArrow()),
        ColumnType.Numeric => new FixedColumnBuilder<Int128, NumericField>(type.ToArrow()),
        ColumnType.BigNumeric => new FixedColumnBuilder<Int256, BigNumericField>(type.ToArrow()),
        ColumnType.Bool => new BoolColumnBuilder(),
        ColumnType.Date => new FixedColumnBuilder<int, DateField>(type.ToArrow()),
        ColumnType.DateTime => new FixedColumnBuilder<long, DateTimeField>(type.ToArrow()),
        ColumnType.Timestamp => new FixedColumnBuilder<long, TimestampField>(type.ToArrow()),
        ColumnType.Time => new FixedColumnBuilder<long, TimeField>(type.ToArrow()),
        ColumnType.String => new StringColumnBuilder(),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "No such column type."),
    };
}
