using System.Runtime.CompilerServices;

namespace Etl.Csv.Values.Formats;

/// <summary>What became of a local time.</summary>
internal enum LocalTime
{
    /// <summary>It is one instant.</summary>
    Exact,

    /// <summary>Clocks were put forward over it: it never was.</summary>
    Skipped,

    /// <summary>Clocks were put back over it: it was twice.</summary>
    Repeated,

    /// <summary>It is outside the years 1 to 9999.</summary>
    OutOfRange,
}

/// <summary>Local times of one zone as instants. A time that never was, or was twice, is not guessed at. One for each column: it remembers the last hour.</summary>
internal sealed class LocalTimeZone(TimeZoneInfo zone)
{
    private const long Hour = 3600 * CalendarText.Second;
    private long knownHour = long.MinValue;
    private long knownOffset;

    /// <summary>The zone's name.</summary>
    public string Name => zone.Id;

    /// <summary>The instant of a local time.</summary>
    /// <param name="local">Microseconds since 1970-01-01T00:00:00 there.</param>
    /// <param name="micros">Microseconds since 1970-01-01T00:00:00Z.</param>
    public LocalTime ToInstant(long local, out long micros)
    {
        var hour = Math.DivRem(local, Hour).Quotient - (local % Hour < 0 ? 1 : 0);
        if (hour == knownHour)
        {
            micros = local - knownOffset;
            return PatternValue.IsInstant(micros) ? LocalTime.Exact : LocalTime.OutOfRange;
        }
        return LookUp(local, hour, out micros);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private LocalTime LookUp(long local, long hour, out long micros)
    {
        var time = At(local);
        var offset = zone.GetUtcOffset(time).Ticks / 10;
        micros = local - offset;
        if (zone.IsInvalidTime(time))
            return LocalTime.Skipped;
        if (zone.IsAmbiguousTime(time))
            return LocalTime.Repeated;
        if (!PatternValue.IsInstant(micros))
            return LocalTime.OutOfRange;
        // No zone changes twice within an hour.
        var (first, last) = (At(Math.Max(hour * Hour, At(DateTime.MinValue))), At(Math.Min(hour * Hour + Hour - 1, At(DateTime.MaxValue))));
        if (IsPlain(first) && IsPlain(last) && zone.GetUtcOffset(first) == zone.GetUtcOffset(last))
            (knownHour, knownOffset) = (hour, offset);
        return LocalTime.Exact;
    }

    private bool IsPlain(DateTime time) => !zone.IsInvalidTime(time) && !zone.IsAmbiguousTime(time);

    private static DateTime At(long micros) => new(DateTime.UnixEpoch.Ticks + micros * 10, DateTimeKind.Unspecified);

    private static long At(DateTime time) => (time.Ticks - DateTime.UnixEpoch.Ticks) / 10;
}
