using Etl.Core.Schemas;
using Etl.Csv.Inference;
using Etl.Csv.Values.Formats;

namespace Etl.Csv.Reading;

/// <summary>Says why a value is none of its column's: expected and found, without the value.</summary>
internal static class ValueReasons
{
    /// <summary>The reason for a column.</summary>
    public static string Mismatch(Column column, ReadOnlySpan<byte> text) =>
        column.Format is { ChangesValues: true } format && FieldFormats.Problem(column.Type, format) is null
            ? FieldFormats.LocalTimeFault(column.Type, format, text) ?? $"expected {column.Type.SqlName()} ({Written(format)}), found {Found(text, format)}"
            : $"expected {column.Type.SqlName()} ({Expectation(column.Type)}), found {Found(column.Type, text)}";

    private static string Written(ColumnFormat format) =>
        format.Pattern is not null ? $"written {format.Pattern}"
        : format.True is not null || format.False is not null ? "one of its words for true and false"
        : format.TimeZone is not null ? $"date and time in {format.TimeZone}"
        : $"number with decimal \"{format.Decimal ?? "."}\"{(format.Grouping is { } sign ? $" and grouping \"{sign}\"" : "")}";

    private static string Found(ReadOnlySpan<byte> text, ColumnFormat format) => ValueClassifier.Classify(text) switch
    {
        ValueKind.Date or ValueKind.DateTime or ValueKind.Timestamp or ValueKind.ShortDate when format.Pattern is not null => "a date written otherwise, or one that does not exist",
        var kind => ValueClassifier.Describe(kind),
    };

    /// <summary>What it is; of a date in a layout that has to be declared, that this is all it takes.</summary>
    private static string Found(ColumnType type, ReadOnlySpan<byte> text)
    {
        var kind = ValueClassifier.Classify(text);
        return (type, kind) is (ColumnType.Date, ValueKind.Date) or (ColumnType.DateTime, ValueKind.DateTime) or (ColumnType.Timestamp, ValueKind.Timestamp)
            ? $"{ValueClassifier.Describe(kind)} written in another way (declare its `format`)" : ValueClassifier.Describe(kind);
    }

    private static string Expectation(ColumnType type) => type switch
    {
        ColumnType.Int64 => "whole number",
        ColumnType.Float64 => "number",
        ColumnType.Numeric => "decimal number, at most 29 digits before the point and 9 after it",
        ColumnType.BigNumeric => "decimal number up to 5.7E+38, at most 38 digits after the point",
        ColumnType.Bool => "true or false",
        ColumnType.Date => "date such as 2024-01-31",
        ColumnType.DateTime => "date and time such as 2024-01-31T09:30:00",
        ColumnType.Timestamp => "date and time with a zone such as 2024-01-31T09:30:00Z",
        ColumnType.Time => "time such as 09:30:00",
        _ => "text",
    };
}
