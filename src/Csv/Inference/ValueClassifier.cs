using Etl.Csv.Values;
using Etl.Csv.Values.Formats;

namespace Etl.Csv.Inference;

/// <summary>What a value could be, by the very parsers that fill the columns.</summary>
internal static class ValueClassifier
{
    /// <summary>How many kinds there are.</summary>
    public const int Kinds = (int)ValueKind.Nested + 1;

    /// <summary>The kind alone.</summary>
    public static ValueKind Classify(ReadOnlySpan<byte> text)
    {
        Classify(text, out var value);
        return value.Kind;
    }

    /// <summary>The kind and its readings.</summary>
    public static void Classify(ReadOnlySpan<byte> text, out ClassifiedValue value)
    {
        value = default;
        text = AsciiText.Trim(text);
        if (text.IsEmpty)
            return;
        var first = text[0];
        if (AsciiText.IsDigit(first) || first is (byte)'-' or (byte)'.' or (byte)'+')
        {
            value.Kind = ClassifyNumber(text);
            if (value.Kind == ValueKind.Text)
                ClassifyCalendar(text, ref value);
            if (value.Kind == ValueKind.Text)
                value.Kind = ClassifySigns(text, ref value);
        }
        else if (BoolParser.TryParse(text, out _))
        {
            value.Kind = ValueKind.Bool;
        }
        else
        {
            value.Kind = DateLayouts.Read(text, MayStartDate(text) ? DateLayouts.All : 0, out value.Layouts, out value.Times);
            if (value.Kind == ValueKind.Text)
                value.Kind = ClassifySigns(text, ref value);
        }
    }

    /// <summary>The kind of a plain number; text for anything else.</summary>
    public static ValueKind ClassifyNumber(ReadOnlySpan<byte> text)
    {
        if (IntegerParser.TryParse(text, out _))
            return ValueKind.Integer;
        if (DecimalText.TrySplit(text, out var parts))
        {
            if (!BigNumericParser.Fits(text))
                return ValueKind.LongDecimal;
            if (!parts.HasPoint)
                return ValueKind.LargeInteger;
            return NumericParser.TryParse(text, out _) ? ValueKind.Numeric : ValueKind.BigNumeric;
        }
        if (FloatParser.HasExponent(text))
            return ValueKind.Float;
        if (text[0] == '+')
            return text.Length > 1 && ClassifyNumber(text[1..]) is ValueKind.Integer or ValueKind.Numeric or ValueKind.Float ? ValueKind.PlusSign : ValueKind.Text;
        return text.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0 ? ValueKind.LeadingZero : ValueKind.Text;
    }

    private static void ClassifyCalendar(ReadOnlySpan<byte> text, ref ClassifiedValue value)
    {
        if (CalendarParser.TryParseDate(text, out _, out var slashes))
            value.Kind = ValueKind.Date;
        else if (CalendarParser.TryParseDateTime(text, out _, out slashes))
            value.Kind = ValueKind.DateTime;
        else if (CalendarParser.TryParseTimestamp(text, out _, out slashes))
            value.Kind = ValueKind.Timestamp;
        if (value.Kind != ValueKind.Text)
        {
            // Among dates written plainly, one in the same order without its zeros may follow.
            if (value.Kind == ValueKind.Date)
                DateLayouts.Read(text, DateLayouts.All, out value.Layouts, out _);
            value.Layouts |= slashes ? DateLayouts.Slash : DateLayouts.Iso;
            return;
        }
        value.Kind = CalendarParser.TryParseTime(text, out _) ? ValueKind.Time : DateLayouts.Read(text, DateLayouts.All, out value.Layouts, out value.Times);
    }

    private static ValueKind ClassifySigns(ReadOnlySpan<byte> text, ref ClassifiedValue value)
    {
        value.Numbers = NumberReadings.Read(text, out value.Grouping, out value.DecimalComma);
        if (value.Numbers != NumberReading.None)
            return ValueKind.FormattedNumber;
        if (text.Length > 40)
            return ValueKind.Text;
        if (KnownWords.PairsOf(text) is var pairs and not 0)
        {
            value.Pairs = pairs;
            return ValueKind.BoolWord;
        }
        if (KnownWords.IsMissing(text))
            return ValueKind.NullWord;
        if (text.IndexOfAnyInRange((byte)'0', (byte)'9') < 0)
            return text[0] == 0xEF && NumberReadings.IsFullWidth(text) ? ValueKind.FullWidthNumber : ValueKind.Text;
        if (text[^1] == '%')
            return IsNumber(text[..^1]) ? ValueKind.Percent : ValueKind.Text;
        if (KnownWords.CurrencyOf(text) is { IsEmpty: false } sign)
            return IsNumber(Without(text, sign)) ? ValueKind.Currency : ValueKind.Text;
        if (DateLayouts.ShortPatternOf(text) is not null)
            return ValueKind.ShortDate;
        return NumberReadings.IsSpaced(text) ? ValueKind.SpacedNumber : ValueKind.Text;
    }

    private static ReadOnlySpan<byte> Without(ReadOnlySpan<byte> text, ReadOnlySpan<byte> sign) =>
        text.StartsWith(sign) ? text[sign.Length..] : text.EndsWith(sign) ? text[..^sign.Length] : text[(1 + sign.Length)..];

    private static bool IsNumber(ReadOnlySpan<byte> text)
    {
        text = AsciiText.Trim(text);
        return !text.IsEmpty && (ClassifyNumber(text) is ValueKind.Integer or ValueKind.Numeric || NumberReadings.Read(text, out _, out _) != NumberReading.None);
    }

    // A month's name, an era, or a full-width digit.
    private static bool MayStartDate(ReadOnlySpan<byte> text)
    {
        var copy = text;
        return text[0] == 0xEF || JapaneseEra.TryTake(ref copy, out _) || CalendarNames.TakeMonth(ref copy) > 0;
    }

    /// <summary>The kind in words, with its article.</summary>
    public static string Describe(ValueKind kind) => kind switch
    {
        ValueKind.Empty => "nothing",
        ValueKind.Integer => "a whole number",
        ValueKind.Numeric => "a decimal number",
        ValueKind.BigNumeric => "a decimal number with more than 9 digits after the point or 29 before it",
        ValueKind.Float => "a number with an exponent",
        ValueKind.FormattedNumber => "a number with grouping signs or a decimal comma",
        ValueKind.Bool => "true or false",
        ValueKind.Date => "a date",
        ValueKind.DateTime => "a date and time without a zone",
        ValueKind.Timestamp => "a date and time with a zone",
        ValueKind.Time => "a time of day",
        ValueKind.LeadingZero => "a number with a leading zero",
        ValueKind.PlusSign => "a number with a plus sign",
        ValueKind.LargeInteger => "a whole number too large for INT64",
        ValueKind.LongDecimal => "a number with more digits than BIGNUMERIC holds",
        ValueKind.ShortDate => "a date in a short form",
        ValueKind.Currency => "a number with a currency sign",
        ValueKind.Percent => "a percentage",
        ValueKind.FullWidthNumber => "a number in full-width digits",
        ValueKind.SpacedNumber => "a number with spaces in it",
        ValueKind.BoolWord => "a word for true or false",
        ValueKind.NullWord => "a word for a missing value",
        ValueKind.QuotedNumber => "a number written as text",
        ValueKind.Nested => "an object or a list",
        _ => "text",
    };
}
