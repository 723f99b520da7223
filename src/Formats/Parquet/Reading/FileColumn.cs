using Apache.Arrow.Types;
using Etl.Core.Schemas;

namespace Etl.Formats.Parquet.Reading;

/// <summary>A column of a Parquet file.</summary>
/// <param name="Name">As the file has it.</param>
/// <param name="Type">The type that holds every value it can have; null when there is none.</param>
/// <param name="TypeName">The file's own type, for people.</param>
/// <param name="Nullable">Whether a value may be missing.</param>
/// <param name="Leaf">Its number among the file's leaves; -1 when it has several.</param>
internal sealed record FileColumn(string Name, ColumnType? Type, string TypeName, bool Nullable, int Leaf)
{
    private const int NumericWhole = 29, NumericFraction = 9, BigNumericWhole = 38, BigNumericFraction = 38;

    /// <summary>Whether it has no type and no value: a column of nulls.</summary>
    public bool IsEmpty { get; private init; }

    /// <summary>The column of an Arrow field.</summary>
    public static FileColumn Of(Apache.Arrow.Field field, int leaf) => new(field.Name, TypeOf(field.DataType), NameOf(field.DataType), field.IsNullable, leaf) { IsEmpty = field.DataType is NullType };

    // A type is taken when every value of it is kept; nanoseconds are looked at one by one.
    private static ColumnType? TypeOf(IArrowType type) => type switch
    {
        Int8Type or Int16Type or Int32Type or Int64Type or UInt8Type or UInt16Type or UInt32Type => ColumnType.Int64,
        UInt64Type => ColumnType.Numeric,
        HalfFloatType or FloatType or DoubleType => ColumnType.Float64,
        // Arrow's 32 and 64 bit decimals are read as 128 bit ones.
        Decimal128Type t => OfDecimal(t.Precision, t.Scale),
        Decimal256Type t => OfDecimal(t.Precision, t.Scale),
        BooleanType => ColumnType.Bool,
        Date32Type or Date64Type => ColumnType.Date,
        TimestampType t => t.Timezone is null ? ColumnType.DateTime : ColumnType.Timestamp,
        Time32Type or Time64Type => ColumnType.Time,
        StringType or LargeStringType or StringViewType or NullType => ColumnType.String,
        DictionaryType { ValueType: StringType or LargeStringType or StringViewType } => ColumnType.String,
        _ => null,
    };

    private static ColumnType? OfDecimal(int precision, int scale) =>
        scale < 0 ? null
        : scale <= NumericFraction && precision - scale <= NumericWhole ? ColumnType.Numeric
        : scale <= BigNumericFraction && precision - scale <= BigNumericWhole ? ColumnType.BigNumeric
        : null;

    private static string NameOf(IArrowType type) => type switch
    {
        Decimal128Type t => $"decimal({t.Precision}, {t.Scale})",
        Decimal256Type t => $"decimal({t.Precision}, {t.Scale})",
        FixedSizeBinaryType t => $"{t.ByteWidth} bytes",
        StructType => "a group of columns (struct)",
        MapType => "a map",
        ListType or LargeListType or FixedSizeListType => "a list",
        BinaryType or LargeBinaryType or BinaryViewType => "bytes that are not marked as text",
        DictionaryType t => $"a dictionary of {NameOf(t.ValueType)}",
        _ => type.Name,
    };
}
