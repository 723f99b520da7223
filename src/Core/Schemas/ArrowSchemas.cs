using Apache.Arrow;
using Apache.Arrow.Types;

namespace Etl.Core.Schemas;

/// <summary>How a table's schema is carried in Arrow: the one mapping that parsers fill and encoders read.</summary>
public static class ArrowSchemas
{
    /// <summary>The Arrow schema of <paramref name="schema"/>.</summary>
    public static Schema ToArrow(this TableSchema schema) =>
        new(schema.Columns.Select(c => new Field(c.Name, c.Type.ToArrow(), c.Nullable)), metadata: null);

    /// <summary>NUMERIC is decimal128(38, 9), BIGNUMERIC decimal256(76, 38); times are in microseconds.</summary>
    public static IArrowType ToArrow(this ColumnType type) => type switch
    {
        ColumnType.Int64 => Int64Type.Default,
        ColumnType.Float64 => DoubleType.Default,
        ColumnType.Numeric => new Decimal128Type(38, 9),
        ColumnType.BigNumeric => new Decimal256Type(76, 38),
        ColumnType.Bool => BooleanType.Default,
        ColumnType.Date => Date32Type.Default,
        ColumnType.DateTime => new TimestampType(TimeUnit.Microsecond, (string?)null),
        ColumnType.Timestamp => new TimestampType(TimeUnit.Microsecond, "UTC"),
        ColumnType.Time => new Time64Type(TimeUnit.Microsecond),
        ColumnType.String => StringType.Default,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "No such column type."),
    };
}
