namespace Etl.Csv.Values;

/// <summary>Exact decimals of BIGNUMERIC: up to 39 digits before the point, 38 after it, as a 256-bit integer scaled by 10^38. Of numbers with 39 it has those that a 256-bit integer holds (https://cloud.google.com/bigquery/docs/reference/standard-sql/data-types#decimal_types).</summary>
internal static class BigNumericParser
{
    private const int MaxWhole = 39;
    private const int Scale = 38;

    /// <summary>Whether all of <paramref name="text"/> is a plain decimal that fits.</summary>
    public static bool Fits(ReadOnlySpan<byte> text) =>
        DecimalText.TrySplit(text, out var parts) && parts.Fraction.Length <= Scale && (parts.Whole.Length < MaxWhole || (parts.Whole.Length == MaxWhole && TryParse(text, out _)));

    /// <summary>Parses all of <paramref name="text"/>; false when it is no plain decimal, or needs more digits.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out Int256 value)
    {
        value = default;
        if (!DecimalText.TrySplit(text, out var parts) || parts.Whole.Length > MaxWhole || parts.Fraction.Length > Scale)
            return false;
        foreach (var b in parts.Whole)
            value.AppendDigit((uint)(b - '0'));
        foreach (var b in parts.Fraction)
            value.AppendDigit((uint)(b - '0'));
        for (var i = parts.Fraction.Length; i < Scale; i++)
            value.AppendDigit(0);
        // Of 77 digits, an unsigned 256-bit integer holds all.
        var fits = !value.IsNegative;
        if (parts.Negative)
        {
            value = value.Negate();
            fits |= value.IsNegative;
        }
        return fits;
    }
}
