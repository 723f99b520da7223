using Etl.Core.Schemas;
using Etl.Csv.Values;
using Etl.Csv.Values.Formats;

namespace Etl.Csv.Columns;

/// <summary>The builder of each column type.</summary>
internal static class ColumnBuilders
{
    /// <summary>A builder for <paramref name="column"/>.</summary>
    public static ColumnBuilder Create(Column column, NullTexts nulls, bool transcoded) => column.Format is { ChangesValues: true } format ? Formatted(column, format, nulls) : column.Type switch
    {
        ColumnType.Int64 => Fixed<long, Int64Field>(column, nulls),
        ColumnType.Float64 => column.IsGuess ? Fixed<double, ExactFloat64Field>(column, nulls) : Fixed<double, Float64Field>(column, nulls),
        ColumnType.Numeric => Fixed<Int128, NumericField>(column, nulls),
        ColumnType.BigNumeric => Fixed<Int256, BigNumericField>(column, nulls),
        ColumnType.Bool => new BoolColumnBuilder<BoolField>(default, column.Nullable, nulls),
        ColumnType.Date => Fixed<int, DateField>(column, nulls),
        ColumnType.DateTime => Fixed<long, DateTimeField>(column, nulls),
        ColumnType.Timestamp => Fixed<long, TimestampField>(column, nulls),
        ColumnType.Time => Fixed<long, TimeField>(column, nulls),
        ColumnType.String => new StringColumnBuilder(transcoded, column.Nullable, nulls),
        _ => throw new ArgumentOutOfRangeException(nameof(column), column.Type, "No such column type."),
    };

    private static ColumnBuilder Formatted(Column column, ColumnFormat format, NullTexts nulls) => column.Type switch
    {
        ColumnType.Int64 => Formatted<long>(column, format, nulls),
        ColumnType.Float64 => Formatted<double>(column, format, nulls),
        ColumnType.Numeric => Formatted<Int128>(column, format, nulls),
        ColumnType.BigNumeric => Formatted<Int256>(column, format, nulls),
        ColumnType.Bool => new BoolColumnBuilder<FormattedBoolField>(new FormattedBoolField(FieldFormats.Create<bool>(column.Type, format)), column.Nullable, nulls),
        ColumnType.Date => Formatted<int>(column, format, nulls),
        _ => Formatted<long>(column, format, nulls),
    };

    private static FixedColumnBuilder<T, FormattedField<T>> Formatted<T>(Column column, ColumnFormat format, NullTexts nulls) where T : unmanaged =>
        new(column.Type.ToArrow(), new FormattedField<T>(FieldFormats.Create<T>(column.Type, format)), column.Nullable, nulls);

    private static FixedColumnBuilder<T, TParser> Fixed<T, TParser>(Column column, NullTexts nulls) where T : unmanaged where TParser : struct, IFieldParser<T> =>
        new(column.Type.ToArrow(), default, column.Nullable, nulls);
}
