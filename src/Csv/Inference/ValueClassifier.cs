using Etl.Csv.Values;

namespace Etl.Csv.Inference;

/// <summary>What a value could be, the narrowest first; from <see cref="Text"/> on it can only be text.</summary>
public enum ValueKind
{
    /// <summary>Nothing, or spaces.</summary>
    Empty,

    /// <summary>A whole number that fits INT64.</summary>
    Integer,

    /// <summary>A decimal with a point that fits NUMERIC.</summary>
    Numeric,

    /// <summary>A decimal with a point that fits only BIGNUMERIC.</summary>
    BigNumeric,

    /// <summary>A number with an exponent.</summary>
    Float,

    /// <summary>True or false.</summary>
    Bool,

    /// <summary>A day such as <c>2024-01-31</c>.</summary>
    Date,

    /// <summary>A day such as <c>2024/1/31</c>.</summary>
    SlashDate,

    /// <summary>A day and time with no zone.</summary>
    DateTime,

    /// <summary>A day written with slashes and a time with no zone.</summary>
    SlashDateTime,

    /// <summary>A day and time with a zone.</summary>
    Timestamp,

    /// <summary>A day written with slashes and a time with a zone.</summary>
    SlashTimestamp,

    /// <summary>A time of day.</summary>
    Time,

    /// <summary>Other text.</summary>
    Text,

    /// <summary>Digits after a leading zero, which a number would lose.</summary>
    LeadingZero,

    /// <summary>A number after a plus sign, which a number would lose.</summary>
    PlusSign,

    /// <summary>A whole number beyond INT64.</summary>
    LargeInteger,

    /// <summary>A decimal with more digits than BIGNUMERIC holds.</summary>
    LongDecimal,
}

/// <summary>What a value could be, by the very parsers that fill the columns.</summary>
internal static class ValueClassifier
{
    /// <summary>How many kinds there are.</summary>
    public const int Kinds = (int)ValueKind.LongDecimal + 1;

    public static ValueKind Classify(ReadOnlySpan<byte> text)
    {
        text = AsciiText.Trim(text);
        if (text.IsEmpty)
            return ValueKind.Empty;
        var first = text[0];
        if (!AsciiText.IsDigit(first) && first is not ((byte)'-' or (byte)'.' or (byte)'+'))
            return BoolParser.TryParse(text, out _) ? ValueKind.Bool : ValueKind.Text;
        if (IntegerParser.TryParse(text, out _))
            return ValueKind.Integer;
        if (DecimalText.TrySplit(text, out var parts))
        {
            if (!parts.HasPoint)
                return ValueKind.LargeInteger;
            return NumericParser.TryParse(text, out _) ? ValueKind.Numeric : BigNumericParser.Fits(text) ? ValueKind.BigNumeric : ValueKind.LongDecimal;
        }
        if (FloatParser.HasExponent(text))
            return ValueKind.Float;
        if (CalendarParser.TryParseDate(text, out _, out var slashes))
            return slashes ? ValueKind.SlashDate : ValueKind.Date;
        if (CalendarParser.TryParseDateTime(text, out _, out slashes))
            return slashes ? ValueKind.SlashDateTime : ValueKind.DateTime;
        if (CalendarParser.TryParseTimestamp(text, out _, out slashes))
            return slashes ? ValueKind.SlashTimestamp : ValueKind.Timestamp;
        if (CalendarParser.TryParseTime(text, out _))
            return ValueKind.Time;
        if (first == '+')
            return Classify(text[1..]) is ValueKind.Integer or ValueKind.Numeric or ValueKind.Float ? ValueKind.PlusSign : ValueKind.Text;
        return text.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0 ? ValueKind.LeadingZero : ValueKind.Text;
    }

    /// <summary>The kind in words.</summary>
    public static string Describe(ValueKind kind) => kind switch
    {
        ValueKind.Empty => "nothing",
        ValueKind.Integer => "a whole number",
        ValueKind.Numeric => "a decimal number",
        ValueKind.BigNumeric => "a decimal number with more than 9 digits after the point or 29 before it",
        ValueKind.Float => "a number with an exponent",
        ValueKind.Bool => "true or false",
        ValueKind.Date or ValueKind.SlashDate => "a date",
        ValueKind.DateTime or ValueKind.SlashDateTime => "a date and time without a zone",
        ValueKind.Timestamp or ValueKind.SlashTimestamp => "a date and time with a zone",
        ValueKind.Time => "a time of day",
        ValueKind.LeadingZero => "a number with a leading zero",
        ValueKind.PlusSign => "a number with a plus sign",
        ValueKind.LargeInteger => "a whole number too large for INT64",
        ValueKind.LongDecimal => "a decimal number with more digits than BIGNUMERIC holds",
        _ => "text",
    };
}
