using Etl.Csv.Values;

namespace Etl.Csv.Columns;

/// <summary>Turns a field's text into a value.</summary>
internal interface IFieldParser<T>
{
    /// <summary>False when the text does not fit the type.</summary>
    bool TryParse(ReadOnlySpan<byte> text, out T value);
}

internal readonly struct Int64Field : IFieldParser<long>
{
    public bool TryParse(ReadOnlySpan<byte> text, out long value) => IntegerParser.TryParse(text, out value);
}

internal readonly struct Float64Field : IFieldParser<double>
{
    public bool TryParse(ReadOnlySpan<byte> text, out double value) => FloatParser.TryParse(text, out value);
}

internal readonly struct NumericField : IFieldParser<Int128>
{
    public bool TryParse(ReadOnlySpan<byte> text, out Int128 value) => NumericParser.TryParse(text, out value);
}

internal readonly struct BigNumericField : IFieldParser<Int256>
{
    public bool TryParse(ReadOnlySpan<byte> text, out Int256 value) => BigNumericParser.TryParse(text, out value);
}

internal readonly struct DateField : IFieldParser<int>
{
    public bool TryParse(ReadOnlySpan<byte> text, out int value) => CalendarParser.TryParseDate(text, out value);
}

internal readonly struct DateTimeField : IFieldParser<long>
{
    public bool TryParse(ReadOnlySpan<byte> text, out long value) => CalendarParser.TryParseDateTime(text, out value);
}

internal readonly struct TimestampField : IFieldParser<long>
{
    public bool TryParse(ReadOnlySpan<byte> text, out long value) => CalendarParser.TryParseTimestamp(text, out value);
}

internal readonly struct TimeField : IFieldParser<long>
{
    public bool TryParse(ReadOnlySpan<byte> text, out long value) => CalendarParser.TryParseTime(text, out value);
}
