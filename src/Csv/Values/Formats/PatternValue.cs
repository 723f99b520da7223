namespace Etl.Csv.Values.Formats;

/// <summary>A date and time as a pattern read it.</summary>
/// <param name="Days">Days since 1970-01-01.</param>
/// <param name="TimeOfDay">Microseconds since midnight.</param>
/// <param name="Offset">Microseconds east of UTC; 0 when no zone was read.</param>
internal readonly record struct PatternValue(int Days, long TimeOfDay, long Offset)
{
    /// <summary>The day number of 1970-01-01, counted from 0001-01-01.</summary>
    public const int UnixEpochDay = 719_162;

    private const long Day = 86_400 * CalendarText.Second;

    // 0001-01-01T00:00:00Z to 9999-12-31T23:59:59.999999Z.
    private const long MinMicros = -719_162 * Day;
    private const long MaxMicros = 2_932_897 * Day - 1;

    /// <summary>Microseconds since 1970-01-01T00:00:00, whatever the zone.</summary>
    public long Local => Days * Day + TimeOfDay;

    /// <summary>The instant, in microseconds since 1970-01-01T00:00:00Z; false when it is outside the years 1 to 9999.</summary>
    public bool TryGetInstant(out long micros)
    {
        micros = Local - Offset;
        return IsInstant(micros);
    }

    /// <summary>Whether an instant is in the years 1 to 9999.</summary>
    public static bool IsInstant(long micros) => micros is >= MinMicros and <= MaxMicros;
}
