using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Etl.Csv.Values;

/// <summary>Exact decimals of NUMERIC: 29 digits before the point, 9 after it, as a 128-bit integer scaled by 10^9.</summary>
internal static class NumericParser
{
    private const int MaxWhole = 29;
    private const int Scale = 9;

    private static ReadOnlySpan<ulong> Powers => [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000];

    /// <summary>Parses a field as a vector; 32 bytes from its start on can be read, whatever its length.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryParsePadded(ref readonly byte text, int length, out Int128 value)
    {
        if ((uint)(length - 1) < 16 && TryParseVector(in text, length, out var scaled))
        {
            value = scaled;
            return true;
        }
        return TryParseSigned(in text, length, out value);
    }

    // At most nine digits on either side of the point; what has more, or another form, is not an error yet.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryParseVector(ref readonly byte text, int length, out long scaled)
    {
        var bytes = Vector128.LoadUnsafe(in text) - Vector128.Create((byte)'0');
        var points = Vector128.Equals(bytes, Vector128.Create(unchecked((byte)('.' - '0')))).ExtractMostSignificantBits();
        var whole = Math.Min(BitOperations.TrailingZeroCount(points), length);
        var fraction = Math.Max(length - whole - 1, 0);
        var digits = DigitVector.Join(bytes, whole, fraction);
        scaled = (long)(DigitVector.ToNumber(digits) * Powers[Scale - Math.Min(fraction, Scale)]);
        return DigitVector.AreDigits(digits) && (uint)(whole - 1) < 9 && fraction <= Scale && length != whole + 1 && (text != '0' || whole == 1);
    }

    private static bool TryParseSigned(ref readonly byte text, int length, out Int128 value)
    {
        if (length is > 1 and <= 17 && text == '-' && TryParseVector(in Unsafe.Add(ref Unsafe.AsRef(in text), 1), length - 1, out var scaled))
        {
            value = -scaled;
            return true;
        }
        return TryParse(MemoryMarshal.CreateReadOnlySpan(in text, length), out value);
    }

    /// <summary>Parses all of <paramref name="text"/>; false when it is no plain decimal, or needs more digits.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out Int128 value)
    {
        if (TryParseShort(text, out value))
            return true;
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

    // Most numbers: no spaces, at most nine digits on either side, in one pass.
    private static bool TryParseShort(ReadOnlySpan<byte> text, out Int128 value)
    {
        value = default;
        var i = text.Length > 0 && text[0] == '-' ? 1 : 0;
        var negative = i != 0;
        var start = i;
        ulong digits = 0;
        uint digit;
        for (; i < text.Length && (digit = (uint)(text[i] - '0')) <= 9; i++)
            digits = digits * 10 + digit;
        var whole = i - start;
        if (whole is 0 or > 9 || (whole > 1 && text[start] == '0'))
            return false;
        var fraction = 0;
        if (i < text.Length)
        {
            if (text[i] != '.')
                return false;
            fraction = text.Length - ++i;
            if (fraction is 0 or > Scale)
                return false;
            for (; i < text.Length; i++)
            {
                digit = (uint)(text[i] - '0');
                if (digit > 9)
                    return false;
                digits = digits * 10 + digit;
            }
        }
        var magnitude = (long)(digits * Powers[Scale - fraction]);
        value = negative ? -magnitude : magnitude;
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
