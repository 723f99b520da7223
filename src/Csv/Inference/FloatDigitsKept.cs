using System.Globalization;
using Etl.Csv.Values;

namespace Etl.Csv.Inference;

/// <summary>Whether a double keeps every digit of a number that is written with an exponent.</summary>
internal static class FloatDigitsKept
{
    private const int Most = 17;

    /// <summary>Writes the double with as many digits as the text has, and compares.</summary>
    public static bool In(ReadOnlySpan<byte> text)
    {
        if (!FloatParser.TryParse(text, out var value) || !double.IsFinite(value))
            return false;
        Span<byte> digits = stackalloc byte[Most];
        var count = SignificantDigits(text, digits);
        if (count < 0)
            return false;
        if (count == 0)
            return value == 0;
        Span<byte> written = stackalloc byte[64];
        Span<byte> back = stackalloc byte[Most];
        return value.TryFormat(written, out var length, "E" + (count - 1).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)
            && SignificantDigits(written[..length], back) is var kept && digits[..count].SequenceEqual(back[..Math.Max(kept, 0)]);
    }

    // Without zeros before and after; -1 when there are more than any double has.
    private static int SignificantDigits(ReadOnlySpan<byte> text, Span<byte> digits)
    {
        var count = 0;
        var zeros = 0;
        foreach (var b in text)
        {
            if ((b | 0x20) == 'e')
                break;
            if (!AsciiText.IsDigit(b))
                continue;
            if (b == '0')
            {
                zeros += count > 0 ? 1 : 0;
                continue;
            }
            for (; zeros > 0; zeros--)
            {
                if (count == Most)
                    return -1;
                digits[count++] = (byte)'0';
            }
            if (count == Most)
                return -1;
            digits[count++] = b;
        }
        return count;
    }
}
