using System.Globalization;

namespace Etl.Bench;

/// <summary>Sizes as people write them.</summary>
internal static class Sizes
{
    public static long Parse(string text)
    {
        foreach (var (unit, factor) in new[] { ("GB", 1_000_000_000L), ("MB", 1_000_000L), ("KB", 1000L) })
            if (text.EndsWith(unit, StringComparison.OrdinalIgnoreCase))
                return (long)(double.Parse(text[..^2], CultureInfo.InvariantCulture) * factor);
        return long.Parse(text, CultureInfo.InvariantCulture);
    }
}
