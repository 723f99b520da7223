namespace Etl.Csv.Values;

/// <summary>Exact decimals of NUMERIC: 29 digits before the point, 9 after it, as a 128-bit integer scaled by 10^9.</summary>
internal static class NumericParser
{
    private const int MaxWhole = 29;
    private const int Scale = 9;

    private static ReadOnlySpan<ulong> Powers => [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000];

    /// <summary>Parses all of <paramref name="text"/>; false when it is no plain decimal, or needs more digits.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out Int128 value)
    {
        value = default;
        if (!DecimalText.TrySplit(text, out var parts) || parts.Whole.Length > MaxWhole || parts.Fraction.Length > Scale)
            return false;
        var fraction = Digits(parts.Fraction) * Powers[Scale - parts.Fraction.Length];
        Int128 magnitude;
        if (parts.Whole.Length <= 9)
        {
            magnitude = (Int128)(Digits(parts.Whole) * Powers[Scale] + fraction);
        }
        else
        {
            UInt128 whole = 0;
            foreach (var b in parts.Whole)
                whole = whole * 10 + (uint)(b - '0');
            magnitude = (Int128)(whole * Powers[Scale] + fraction);
        }
        value = parts.Negative ? -magnitude : magnitude;
        return true;
    }

    private static ulong Digits(ReadOnlySpan<byte> digits)
    {
        ulong value = 0;
        foreach (var b in digits)
            value = value * 10 + (uint)(b - '0');
        return value;
    }
}
