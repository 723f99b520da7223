using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Etl.Core.Contracts;

/// <summary>A number of bytes, as people write it.</summary>
/// <param name="Bytes">The bytes.</param>
[Description("a size such as 64MB or 256MiB")]
public sealed record ByteSize(long Bytes) : IParsable<ByteSize>
{
    private static readonly (string Name, long Bytes)[] Units =
        [("KIB", 1L << 10), ("MIB", 1L << 20), ("GIB", 1L << 30), ("KB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("B", 1)];

    /// <inheritdoc/>
    public static ByteSize Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var size) ? size : throw new FormatException("Expected a size such as 64MB or 256MiB.");

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out ByteSize result)
    {
        result = null;
        var text = s?.Trim().ToUpperInvariant() ?? "";
        var unit = Array.Find(Units, u => text.EndsWith(u.Name, StringComparison.Ordinal));
        if (decimal.TryParse(text[..^(unit.Name?.Length ?? 0)].TrimEnd(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number is > 0 and < long.MaxValue / (1 << 30))
            result = new ByteSize((long)(number * Math.Max(1, unit.Bytes)));
        return result is { Bytes: > 0 };
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Bytes}B");
}
