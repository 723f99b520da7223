namespace Etl.Csv.Inference;

/// <summary>What a value could be, the narrowest first; from <see cref="Text"/> on it can only be text unless a format is declared.</summary>
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

    /// <summary>A number with grouping signs or a decimal comma.</summary>
    FormattedNumber,

    /// <summary>True or false.</summary>
    Bool,

    /// <summary>A day, in one of the <see cref="DateLayouts"/>.</summary>
    Date,

    /// <summary>A day and time with no zone.</summary>
    DateTime,

    /// <summary>A day and time with a zone.</summary>
    Timestamp,

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

    /// <summary>A number with more digits than BIGNUMERIC holds.</summary>
    LongDecimal,

    /// <summary>A date whose year has two digits, or whose era has one letter: it may be something else.</summary>
    ShortDate,

    /// <summary>A number with a currency sign, which a number would lose.</summary>
    Currency,

    /// <summary>A number with a percent sign: its value is a hundredth.</summary>
    Percent,

    /// <summary>A number in full-width digits.</summary>
    FullWidthNumber,

    /// <summary>A number with spaces between its groups: it may be several.</summary>
    SpacedNumber,

    /// <summary>A word such as yes or はい.</summary>
    BoolWord,

    /// <summary>A word such as N/A that often stands for a missing value.</summary>
    NullWord,

    /// <summary>A number that its source wrote as text (JSON, workbooks).</summary>
    QuotedNumber,

    /// <summary>An object or an array (JSON).</summary>
    Nested,
}
