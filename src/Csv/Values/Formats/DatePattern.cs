namespace Etl.Csv.Values.Formats;

/// <summary>A compiled date pattern: reads dates and times from UTF-8 with no allocation.</summary>
internal sealed class DatePattern
{
    private const long Second = CalendarText.Second;
    private readonly PatternToken[] tokens;

    /// <summary>Compiles <paramref name="pattern"/>.</summary>
    /// <exception cref="FormatException">The pattern has a mistake.</exception>
    public DatePattern(string pattern)
    {
        Text = pattern;
        tokens = PatternCompiler.Compile(pattern);
        HasDate = tokens.Any(t => t.Part is PatternPart.Day);
        HasTime = tokens.Any(t => t.Part is PatternPart.Hour or PatternPart.HalfHour);
        HasZone = tokens.Any(t => t.Part is PatternPart.Zone);
    }

    /// <summary>The pattern as it was written.</summary>
    public string Text { get; }

    /// <summary>Whether it has year, month and day.</summary>
    public bool HasDate { get; }

    /// <summary>Whether it has a time of day.</summary>
    public bool HasTime { get; }

    /// <summary>Whether it has a zone.</summary>
    public bool HasZone { get; }

    /// <summary>Reads all of <paramref name="text"/>, spaces around it aside; full-width digits and signs are read as their ASCII.</summary>
    public bool TryParse(ReadOnlySpan<byte> text, out PatternValue value)
    {
        if (FullWidth.MayBeIn(text))
            return TryParseFolded(text, out value);
        text = AsciiText.Trim(text);
        return TryTake(ref text, out value) && text.IsEmpty;
    }

    private bool TryParseFolded(ReadOnlySpan<byte> text, out PatternValue value)
    {
        Span<byte> room = stackalloc byte[FullWidth.MaxLength];
        scoped var folded = AsciiText.Trim(FullWidth.Fold(text, room));
        return TryTake(ref folded, out value) && folded.IsEmpty;
    }

    /// <summary>Reads as much from the front of <paramref name="text"/> as the pattern covers.</summary>
    public bool TryTake(ref ReadOnlySpan<byte> text, out PatternValue value)
    {
        value = default;
        int year = 1, month = 1, day = 1, hour = 0, minute = 0, second = 0, yearBefore = 0, dayName = -1;
        long micros = 0, offset = 0;
        bool afternoon = false, halved = false;
        foreach (var token in tokens)
        {
            var fits = token.Part switch
            {
                PatternPart.Literal => TakeLiteral(ref text, token.Literal),
                PatternPart.Year => DigitText.TryTake(ref text, 4, 4, out year),
                PatternPart.ShortYear => DigitText.TryTake(ref text, 2, 2, out year) && (year += year < 50 ? 2000 : 1900) > 0,
                PatternPart.Era => JapaneseEra.TryTake(ref text, out yearBefore),
                PatternPart.EraYear => JapaneseEra.TryTakeYear(ref text, yearBefore, out year),
                PatternPart.Month => DigitText.TryTake(ref text, token.Least, 2, out month),
                PatternPart.MonthName => (month = CalendarNames.TakeMonth(ref text)) > 0,
                PatternPart.Day => DigitText.TryTake(ref text, token.Least, 2, out day),
                PatternPart.DayName => (dayName = CalendarNames.TakeDay(ref text)) >= 0,
                PatternPart.Hour => DigitText.TryTake(ref text, token.Least, 2, out hour) && hour <= 23,
                PatternPart.HalfHour => DigitText.TryTake(ref text, token.Least, 2, out hour) && hour <= 12,
                PatternPart.Half => halved = CalendarNames.TryTakeHalf(ref text, out afternoon),
                PatternPart.Minute => DigitText.TryTake(ref text, token.Least, 2, out minute) && minute <= 59,
                PatternPart.Second => DigitText.TryTake(ref text, token.Least, 2, out second) && second <= 59,
                PatternPart.Fraction => TryTakeFraction(ref text, token, out micros),
                PatternPart.OptionalFraction => TryTakeOptionalFraction(ref text, token, out micros),
                _ => CalendarText.TryTakeZone(ref text, out offset),
            };
            if (!fits)
                return false;
        }
        if (year is < 1 or > 9999 || month is < 1 or > 12 || day < 1 || (day > 28 && day > DateTime.DaysInMonth(year, month)))
            return false;
        if (halved)
            hour = hour % 12 + (afternoon ? 12 : 0);
        var date = new DateOnly(year, month, day);
        if (dayName >= 0 && (int)date.DayOfWeek != dayName)
            return false;
        value = new PatternValue(date.DayNumber - PatternValue.UnixEpochDay, ((hour * 60 + minute) * 60 + second) * Second + micros, offset);
        return true;
    }

    private static bool TakeLiteral(ref ReadOnlySpan<byte> text, ReadOnlySpan<byte> literal)
    {
        if (!text.StartsWith(literal))
            return false;
        text = text[literal.Length..];
        return true;
    }

    private static bool TryTakeOptionalFraction(ref ReadOnlySpan<byte> text, PatternToken token, out long micros)
    {
        micros = 0;
        if (token.Literal is { } point)
        {
            if (text.Length < 2 || text[0] != point[0] || !AsciiText.IsDigit(text[1]))
                return true;
            text = text[1..];
        }
        return TryTakeFraction(ref text, token, out micros);
    }

    // Digits beyond the microsecond must be zeros: nothing is cut.
    private static bool TryTakeFraction(ref ReadOnlySpan<byte> text, PatternToken token, out long micros)
    {
        micros = 0;
        var unit = Second;
        var taken = 0;
        for (; taken < token.Most && taken < text.Length && AsciiText.IsDigit(text[taken]); taken++)
        {
            unit /= 10;
            if (unit == 0 && text[taken] != '0')
                return false;
            micros += (text[taken] - '0') * unit;
        }
        text = text[taken..];
        return taken >= token.Least;
    }
}
