using Etl.Core.Schemas;

namespace Etl.Csv.Values.Formats;

/// <summary>Makes the reader of a column's format, and says what is wrong with a format.</summary>
internal static class FieldFormats
{
    /// <summary>The reader of a column whose values are not plain.</summary>
    /// <typeparam name="T">The value as Arrow lays out the column's type.</typeparam>
    /// <exception cref="FormatException">The format does not go with the type, or has a mistake.</exception>
    public static FieldFormat<T> Create<T>(ColumnType type, ColumnFormat format) => (FieldFormat<T>)Create(type, format);

    /// <summary>Why <paramref name="format"/> cannot be the format of a column of <paramref name="type"/>; null when it can.</summary>
    public static string? Problem(ColumnType type, ColumnFormat format)
    {
        if (!format.ChangesValues)
            return null;
        try
        {
            Create(type, format);
            return null;
        }
        catch (FormatException e)
        {
            return e.Message;
        }
    }

    /// <summary>What is wrong with a local time that the column's zone does not have once; null when that is not the matter.</summary>
    public static string? LocalTimeFault(ColumnType type, ColumnFormat format, ReadOnlySpan<byte> text) =>
        type != ColumnType.Timestamp ? null : Timestamps(format).Read(text, out _) switch
        {
            LocalTime.Skipped => $"expected a time that {format.TimeZone} has, found one that its clocks skip when they are put forward",
            LocalTime.Repeated => $"expected a time that {format.TimeZone} has once, found one that comes twice when its clocks are put back",
            LocalTime.OutOfRange => "expected an instant of the years 1 to 9999 in UTC, found one outside them",
            _ => null,
        };

    private static object Create(ColumnType type, ColumnFormat format)
    {
        CheckTypes(type, format);
        return type switch
        {
            ColumnType.Int64 => new NumberFormat<long>(Numbers(format), IntegerParser.TryParse),
            ColumnType.Float64 => new NumberFormat<double>(Numbers(format), FloatParser.TryParse),
            ColumnType.Numeric => new NumberFormat<Int128>(Numbers(format), NumericParser.TryParse),
            ColumnType.BigNumeric => new NumberFormat<Int256>(Numbers(format), BigNumericParser.TryParse),
            ColumnType.Bool => new BoolFormat(Words(format.True, "true"), Words(format.False, "false")),
            ColumnType.Date => new DateFormat(Pattern(format, needsDate: true)),
            ColumnType.DateTime => new DateTimeFormat(Pattern(format, needsDate: true)),
            ColumnType.Time => new TimeFormat(Pattern(format, needsDate: false)),
            ColumnType.Timestamp => Timestamps(format),
            _ => throw new FormatException("a STRING column keeps its text as it is; state another type, or leave the format out"),
        };
    }

    private static void CheckTypes(ColumnType type, ColumnFormat format)
    {
        if (format.Pattern is not null && type is not (ColumnType.Date or ColumnType.DateTime or ColumnType.Timestamp or ColumnType.Time))
            throw new FormatException($"a date format goes with DATE, DATETIME, TIMESTAMP and TIME, not with {type.SqlName()}");
        if ((format.Decimal ?? format.Grouping) is not null || format.Strip is not null)
        {
            if (type is not (ColumnType.Int64 or ColumnType.Float64 or ColumnType.Numeric or ColumnType.BigNumeric))
                throw new FormatException($"decimal, grouping and strip go with numbers, not with {type.SqlName()}");
            if ((format.Decimal ?? ".") == format.Grouping)
                throw new FormatException("decimal and grouping must differ; the decimal sign is a point unless it is stated");
        }
        if ((format.True ?? format.False) is not null && type != ColumnType.Bool)
            throw new FormatException($"true and false go with BOOL, not with {type.SqlName()}");
        if ((format.True ?? []).Concat(format.False ?? []).Any(string.IsNullOrWhiteSpace))
            throw new FormatException("an empty field is a missing value; it means neither true nor false");
        if (format.True?.FirstOrDefault(t => format.False?.Contains(t, StringComparer.OrdinalIgnoreCase) ?? false) is { } both)
            throw new FormatException($"\"{both}\" cannot mean both true and false");
        if (format.TimeZone is not null && type != ColumnType.Timestamp)
            throw new FormatException($"time_zone goes with TIMESTAMP, not with {type.SqlName()}");
    }

    private static NumberText Numbers(ColumnFormat format) => new(format.Decimal, format.Grouping, format.Strip);

    private static WordList Words(IReadOnlyList<string>? stated, string usual) => new(stated ?? [usual]);

    private static DatePattern Pattern(ColumnFormat format, bool needsDate)
    {
        var pattern = new DatePattern(format.Pattern!);
        if (needsDate && !pattern.HasDate)
            throw new FormatException("it has no date; a column of times alone is TIME");
        if (!needsDate && (pattern.HasDate || !pattern.HasTime))
            throw new FormatException("a TIME has hours and minutes and no date; with a date it is DATETIME");
        if (pattern.HasZone)
            throw new FormatException("it has a zone, which only TIMESTAMP keeps");
        return pattern;
    }

    private static TimestampFormat Timestamps(ColumnFormat format)
    {
        var zone = format.TimeZone is not { } name ? null : TimeZoneInfo.TryFindSystemTimeZoneById(name, out var found) ? new LocalTimeZone(found)
            : throw new FormatException($"there is no time zone called {name}; write one such as Asia/Tokyo or UTC");
        if (format.Pattern is null)
            return new TimestampFormat(null, zone);
        var pattern = new DatePattern(format.Pattern);
        if (!pattern.HasDate)
            throw new FormatException("it has no date; a column of times alone is TIME");
        if (!pattern.HasZone && zone is null)
            throw new FormatException("it has no zone (zzz); state time_zone, or make the column DATETIME");
        return new TimestampFormat(pattern, zone);
    }
}
