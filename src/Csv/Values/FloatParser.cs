using System.Globalization;

namespace Etl.Csv.Values;

/// <summary>IEEE doubles, exactly rounded: a plain decimal with or without an exponent, or NaN, Infinity and -Infinity as BigQuery writes them.</summary>
internal static class FloatParser
{
    private static ReadOnlySpan<double> Powers =>
        [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22];

    /// <summary>Parses all of <paramref name="text"/>, spaces around it aside; false when it is too large for a double.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out double value)
    {
        text = AsciiText.Trim(text);
        if (!IsNumber(text, out var digits, out var fraction, out var mantissa, out var exponent, out _))
            return IsSpecial(text, out value);
        // Clinger's fast path: both operands are exact, so that one operation rounds once.
        if (digits <= 18 && mantissa <= 1UL << 53 && exponent - fraction is >= -22 and <= 22 and var power)
        {
            value = power < 0 ? mantissa / Powers[-power] : mantissa * Powers[power];
            if (text[0] == '-')
                value = -value;
            return true;
        }
        return double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out value)
            && double.IsFinite(value);
    }

    /// <summary>Whether all of <paramref name="text"/> is written with an exponent and fits.</summary>
    public static bool HasExponent(ReadOnlySpan<byte> text) =>
        IsNumber(AsciiText.Trim(text), out _, out _, out _, out _, out var hasExponent) && hasExponent && TryParse(text, out _);

    private static bool IsNumber(ReadOnlySpan<byte> text, out int digits, out int fraction, out ulong mantissa, out int exponent, out bool hasExponent)
    {
        var i = text.Length > 0 && text[0] == '-' ? 1 : 0;
        var first = i;
        (fraction, mantissa, exponent, hasExponent) = (0, 0, 0, false);
        for (; i < text.Length && AsciiText.IsDigit(text[i]); i++)
            mantissa = mantissa * 10 + (uint)(text[i] - '0');
        digits = i - first;
        if (digits > 1 && text[first] == '0')
            return false;
        if (i < text.Length && text[i] == '.')
        {
            var point = i++;
            for (; i < text.Length && AsciiText.IsDigit(text[i]); i++)
                mantissa = mantissa * 10 + (uint)(text[i] - '0');
            fraction = i - point - 1;
            if (fraction == 0)
                return false;
            digits += fraction;
        }
        if (digits == 0)
            return false;
        if (i == text.Length)
            return true;
        if ((text[i] | 0x20) != 'e')
            return false;
        hasExponent = true;
        i++;
        var negative = i < text.Length && text[i] == '-';
        if (negative || (i < text.Length && text[i] == '+'))
            i++;
        if (i == text.Length)
            return false;
        for (; i < text.Length; i++)
        {
            if (!AsciiText.IsDigit(text[i]))
                return false;
            // Far beyond any double; kept from overflowing.
            if (exponent < 100_000)
                exponent = exponent * 10 + (text[i] - '0');
        }
        if (negative)
            exponent = -exponent;
        return true;
    }

    private static bool IsSpecial(ReadOnlySpan<byte> text, out double value)
    {
        value = double.NaN;
        if (System.Text.Ascii.EqualsIgnoreCase(text, "nan"u8))
            return true;
        value = text.Length > 0 && text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
        if (text.Length > 0 && text[0] == '-')
            text = text[1..];
        return System.Text.Ascii.EqualsIgnoreCase(text, "infinity"u8) || System.Text.Ascii.EqualsIgnoreCase(text, "inf"u8);
    }
}
