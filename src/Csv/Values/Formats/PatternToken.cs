namespace Etl.Csv.Values.Formats;

/// <summary>What one piece of a date pattern takes.</summary>
internal enum PatternPart
{
    /// <summary>The bytes as they are.</summary>
    Literal,

    /// <summary><c>yyyy</c>: four digits.</summary>
    Year,

    /// <summary><c>yy</c>: two digits, 1950 to 2049.</summary>
    ShortYear,

    /// <summary><c>gg</c>: a Japanese era.</summary>
    Era,

    /// <summary><c>y</c> after <c>gg</c>: one or two digits, or 元.</summary>
    EraYear,

    /// <summary><c>M</c> or <c>MM</c>.</summary>
    Month,

    /// <summary><c>MMM</c> or <c>MMMM</c>: an English name, whole or its first three letters.</summary>
    MonthName,

    /// <summary><c>d</c> or <c>dd</c>.</summary>
    Day,

    /// <summary><c>ddd</c> or <c>dddd</c>: a day of the week, which must be that of the date.</summary>
    DayName,

    /// <summary><c>H</c> or <c>HH</c>: 0 to 23.</summary>
    Hour,

    /// <summary><c>h</c> or <c>hh</c>: 0 to 12.</summary>
    HalfHour,

    /// <summary><c>tt</c>: AM or PM, 午前 or 午後.</summary>
    Half,

    /// <summary><c>m</c> or <c>mm</c>.</summary>
    Minute,

    /// <summary><c>s</c> or <c>ss</c>.</summary>
    Second,

    /// <summary><c>fff</c>: that many digits of the second's fraction.</summary>
    Fraction,

    /// <summary><c>FFF</c>: at most that many digits; with none, the point before it may be missing too.</summary>
    OptionalFraction,

    /// <summary><c>zzz</c> or <c>K</c>: <c>Z</c>, <c>UTC</c> or an offset such as <c>+09:00</c>.</summary>
    Zone,
}

/// <summary>One piece of a date pattern.</summary>
/// <param name="Part">What it takes.</param>
/// <param name="Least">The fewest digits.</param>
/// <param name="Most">The most digits.</param>
/// <param name="Literal">The bytes of a literal; before an optional fraction, the point.</param>
internal sealed record PatternToken(PatternPart Part, int Least = 0, int Most = 0, byte[]? Literal = null);
