namespace Etl.Csv.Values.Formats;

/// <summary>Reads the values of one column that are not written the plain way. One for each column and task: it may remember.</summary>
/// <typeparam name="T">The value as Arrow lays it out.</typeparam>
internal abstract class FieldFormat<T>
{
    /// <summary>Parses all of <paramref name="text"/>; false when it does not fit.</summary>
    public abstract bool TryParse(ReadOnlySpan<byte> text, out T value);
}

/// <summary>A parser of plain text.</summary>
internal delegate bool PlainParser<T>(ReadOnlySpan<byte> text, out T value);

/// <summary>Numbers with other signs than the plain ones.</summary>
internal sealed class NumberFormat<T>(NumberText numbers, PlainParser<T> plain) : FieldFormat<T> where T : struct
{
    public override bool TryParse(ReadOnlySpan<byte> text, out T value)
    {
        Span<byte> room = stackalloc byte[NumberText.MaxLength];
        value = default;
        return numbers.TryRewrite(text, room, out var number) && plain(number, out value);
    }
}

/// <summary>True and false in words.</summary>
internal sealed class BoolFormat(WordList yes, WordList no) : FieldFormat<bool>
{
    public override bool TryParse(ReadOnlySpan<byte> text, out bool value)
    {
        value = yes.Contains(text);
        return value || no.Contains(text);
    }
}

/// <summary>Dates; a time of day in the text must be midnight, so that nothing is lost.</summary>
internal sealed class DateFormat(DatePattern pattern) : FieldFormat<int>
{
    public override bool TryParse(ReadOnlySpan<byte> text, out int value)
    {
        var fits = pattern.TryParse(text, out var read) && read.TimeOfDay == 0;
        value = read.Days;
        return fits;
    }
}

/// <summary>Dates and times with no zone.</summary>
internal sealed class DateTimeFormat(DatePattern pattern) : FieldFormat<long>
{
    public override bool TryParse(ReadOnlySpan<byte> text, out long value)
    {
        var fits = pattern.TryParse(text, out var read);
        value = read.Local;
        return fits;
    }
}

/// <summary>Times of day.</summary>
internal sealed class TimeFormat(DatePattern pattern) : FieldFormat<long>
{
    public override bool TryParse(ReadOnlySpan<byte> text, out long value)
    {
        var fits = pattern.TryParse(text, out var read);
        value = read.TimeOfDay;
        return fits;
    }
}

/// <summary>Instants, by a zone in the text or the column's.</summary>
internal sealed class TimestampFormat(DatePattern? pattern, LocalTimeZone? zone) : FieldFormat<long>
{
    public override bool TryParse(ReadOnlySpan<byte> text, out long value) => Read(text, out value) == LocalTime.Exact;

    /// <summary>The instant, and what was wrong with it; null when the text is no time at all.</summary>
    public LocalTime? Read(ReadOnlySpan<byte> text, out long value)
    {
        long local;
        if (pattern is null)
        {
            // A zone in the text is nearer to the truth than the column's.
            if (CalendarParser.TryParseTimestamp(text, out value))
                return LocalTime.Exact;
            if (!CalendarParser.TryParseDateTime(text, out local))
                return null;
        }
        else
        {
            if (!pattern.TryParse(text, out var read))
            {
                value = 0;
                return null;
            }
            if (pattern.HasZone)
                return read.TryGetInstant(out value) ? LocalTime.Exact : LocalTime.OutOfRange;
            local = read.Local;
        }
        return zone!.ToInstant(local, out value);
    }
}
