using System.Runtime.InteropServices;
using Etl.Csv.Inference;
using Etl.Csv.Values;

namespace Etl.Csv.Columns;

/// <summary>Turns a field's text into a value.</summary>
internal interface IFieldParser<T>
{
    /// <summary>False when the text does not fit the type. <see cref="FieldText.Padding"/> bytes after the text may be read.</summary>
    bool TryParse(ref readonly byte text, int length, out T value);

    /// <summary>Reads from a row on the next <see cref="DigitLanes.Count"/> fields together, when all are plain.</summary>
    static virtual bool TryParseLanes(in FieldText text, in FieldColumn column, int row, ref T values) => false;
}

internal readonly struct Int64Field : IFieldParser<long>
{
    public bool TryParse(ref readonly byte text, int length, out long value) => IntegerParser.TryParsePadded(in text, length, out value);

    public static bool TryParseLanes(in FieldText text, in FieldColumn column, int row, ref long values) => DigitLanes.TryReadWhole(in text, in column, row, ref values);
}

internal readonly struct Float64Field : IFieldParser<double>
{
    public bool TryParse(ref readonly byte text, int length, out double value) => FloatParser.TryParse(MemoryMarshal.CreateReadOnlySpan(in text, length), out value);
}

/// <summary>A double of which no digit is lost: what a column holds whose type was guessed.</summary>
internal readonly struct ExactFloat64Field : IFieldParser<double>
{
    private const int DigitsKept = 15;

    public bool TryParse(ref readonly byte text, int length, out double value)
    {
        var number = MemoryMarshal.CreateReadOnlySpan(in text, length);
        return FloatParser.TryParse(number, out value) && (length <= DigitsKept || !double.IsFinite(value) || FloatDigitsKept.In(AsciiText.Trim(number)));
    }
}

internal readonly struct NumericField : IFieldParser<Int128>
{
    public bool TryParse(ref readonly byte text, int length, out Int128 value) => NumericParser.TryParsePadded(in text, length, out value);

    public static bool TryParseLanes(in FieldText text, in FieldColumn column, int row, ref Int128 values) => DigitLanes.TryReadDecimals(in text, in column, row, ref values);
}

internal readonly struct BigNumericField : IFieldParser<Int256>
{
    public bool TryParse(ref readonly byte text, int length, out Int256 value) => BigNumericParser.TryParse(MemoryMarshal.CreateReadOnlySpan(in text, length), out value);
}

internal readonly struct BoolField : IFieldParser<byte>
{
    public bool TryParse(ref readonly byte text, int length, out byte value)
    {
        var parsed = BoolParser.TryParse(MemoryMarshal.CreateReadOnlySpan(in text, length), out var flag);
        value = flag ? (byte)1 : (byte)0;
        return parsed;
    }
}

internal readonly struct DateField : IFieldParser<int>
{
    public bool TryParse(ref readonly byte text, int length, out int value) => CalendarParser.TryParseDatePadded(in text, length, out value);
}

internal readonly struct DateTimeField : IFieldParser<long>
{
    public bool TryParse(ref readonly byte text, int length, out long value) => CalendarParser.TryParseDateTimePadded(in text, length, out value);
}

internal readonly struct TimestampField : IFieldParser<long>
{
    public bool TryParse(ref readonly byte text, int length, out long value) => CalendarParser.TryParseTimestampPadded(in text, length, out value);
}

internal readonly struct TimeField : IFieldParser<long>
{
    public bool TryParse(ref readonly byte text, int length, out long value) => CalendarParser.TryParseTime(MemoryMarshal.CreateReadOnlySpan(in text, length), out value);
}
