using System.Globalization;

namespace Etl.Runner.Display;

/// <summary>Sizes and times as people read them.</summary>
internal static class Sizes
{
    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB"];

    /// <summary>Such as <c>1.5 MB</c> (powers of 1,000).</summary>
    public static string Bytes(long bytes)
    {
        double value = bytes;
        var unit = 0;
        while (value >= 999.5 && unit < Units.Length - 1)
        {
            value /= 1000;
            unit++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{(unit == 0 || value >= 100 ? $"{value:0}" : $"{value:0.0}")} {Units[unit]}");
    }

    /// <summary>A time that is only guessed, such as <c>40 s</c>, <c>3 min</c> or <c>2.5 h</c>.</summary>
    public static string About(TimeSpan time) => time switch
    {
        { TotalSeconds: < 90 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, Math.Round(time.TotalSeconds)):0} s"),
        { TotalMinutes: < 90 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:0.#} h"),
    };

    /// <summary>Such as <c>0.42 s</c>.</summary>
    public static string Time(TimeSpan time) =>
        time.TotalMinutes >= 2 ? time.ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.00} s");
}
