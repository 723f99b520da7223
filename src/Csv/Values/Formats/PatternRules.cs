namespace Etl.Csv.Values.Formats;

/// <summary>What makes a date pattern one that can be read in one way only.</summary>
internal static class PatternRules
{
    /// <summary>Throws when the pieces repeat or miss something.</summary>
    /// <exception cref="FormatException">They do.</exception>
    public static void Check(IReadOnlyList<PatternToken> tokens)
    {
        Once("year", PatternPart.Year, PatternPart.ShortYear, PatternPart.EraYear);
        Once("month", PatternPart.Month, PatternPart.MonthName);
        Once("day", PatternPart.Day);
        Once("hour", PatternPart.Hour, PatternPart.HalfHour);
        Once("minute", PatternPart.Minute);
        Once("second", PatternPart.Second);
        Once("fraction", PatternPart.Fraction, PatternPart.OptionalFraction);
        Once("zone", PatternPart.Zone);
        var date = Has(PatternPart.Year, PatternPart.ShortYear, PatternPart.EraYear);
        if (date != Has(PatternPart.Month, PatternPart.MonthName) || date != Has(PatternPart.Day))
            throw new FormatException("a date needs year, month and day (M is the month, m the minute)");
        if (!date && !Has(PatternPart.Hour, PatternPart.HalfHour))
            throw new FormatException("it has neither a date nor an hour");
        if (Has(PatternPart.Era) != Has(PatternPart.EraYear))
            throw new FormatException("an era (gg) and the year in it (y) need each other");
        if (Has(PatternPart.Half) != Has(PatternPart.HalfHour))
            throw new FormatException("h (0 to 12) and tt (AM or PM) need each other; H is the hour from 0 to 23");
        if (Has(PatternPart.Minute) && !Has(PatternPart.Hour, PatternPart.HalfHour))
            throw new FormatException("it has minutes (m) and no hours; M is the month");
        if (Has(PatternPart.Second) && !Has(PatternPart.Minute))
            throw new FormatException("it has seconds and no minutes");
        if (Has(PatternPart.Fraction, PatternPart.OptionalFraction) && !Has(PatternPart.Second))
            throw new FormatException("it has a fraction and no seconds");
        for (var i = 1; i < tokens.Count; i++)
        {
            if (tokens[i - 1].Least < tokens[i - 1].Most && tokens[i].Most > 0)
                throw new FormatException("digits of unknown number stand side by side; write MM, dd, HH, mm and ss where nothing stands between");
        }

        bool Has(params PatternPart[] parts) => tokens.Any(t => parts.Contains(t.Part));

        void Once(string what, params PatternPart[] parts)
        {
            if (tokens.Count(t => parts.Contains(t.Part)) > 1)
                throw new FormatException($"it has the {what} twice");
        }
    }
}
