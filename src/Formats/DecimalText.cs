using System.Buffers.Binary;

namespace Etl.Formats;

/// <summary>Decimals of Arrow (two's complement, little-endian, 16 or 32 bytes) as plain text: every digit, no exponent, no zeros at the end of the fraction.</summary>
public static class DecimalText
{
    /// <summary>The longest text: a sign, 78 digits, a point and a leading zero.</summary>
    public const int MaxLength = 84;

    /// <summary>Writes <paramref name="value"/> with <paramref name="scale"/> digits after the point, as UTF-8.</summary>
    /// <returns>The bytes written; <paramref name="utf8"/> must have room for <see cref="MaxLength"/>.</returns>
    public static int Format(ReadOnlySpan<byte> value, int scale, Span<byte> utf8)
    {
        Span<ulong> limbs = stackalloc ulong[value.Length / 8];
        for (var i = 0; i < limbs.Length; i++)
            limbs[i] = BinaryPrimitives.ReadUInt64LittleEndian(value[(i * 8)..]);
        var negative = (long)limbs[^1] < 0;
        if (negative)
            Negate(limbs);

        // Digits come out from the last to the first.
        Span<byte> digits = stackalloc byte[MaxLength];
        var count = 0;
        while (limbs.Length > 0)
        {
            while (limbs.Length > 0 && limbs[^1] == 0)
                limbs = limbs[..^1];
            if (limbs.Length == 0)
                break;
            var rest = DivideByTenToThe19(limbs);
            var last = limbs.IndexOfAnyExcept(0UL) < 0;
            for (var i = 0; i < 19 && (!last || rest > 0); i++, rest /= 10)
                digits[count++] = (byte)('0' + (rest % 10));
        }

        while (count <= scale)
            digits[count++] = (byte)'0';
        var skipped = 0;
        while (skipped < scale && digits[skipped] == '0')
            skipped++;

        var length = 0;
        if (negative)
            utf8[length++] = (byte)'-';
        for (var i = count - 1; i >= scale; i--)
            utf8[length++] = digits[i];
        if (skipped < scale)
        {
            utf8[length++] = (byte)'.';
            for (var i = scale - 1; i >= skipped; i--)
                utf8[length++] = digits[i];
        }

        return length;
    }

    private static void Negate(Span<ulong> limbs)
    {
        var carry = true;
        foreach (ref var limb in limbs)
        {
            limb = ~limb + (carry ? 1UL : 0UL);
            carry &= limb == 0;
        }
    }

    private static ulong DivideByTenToThe19(Span<ulong> limbs)
    {
        const ulong divisor = 10_000_000_000_000_000_000;
        if (limbs.Length == 1)
        {
            var (quotient, remainder) = Math.DivRem(limbs[0], divisor);
            limbs[0] = quotient;
            return remainder;
        }

        var rest = 0UL;
        for (var i = limbs.Length - 1; i >= 0; i--)
        {
            var (quotient, remainder) = UInt128.DivRem(new UInt128(rest, limbs[i]), divisor);
            limbs[i] = (ulong)quotient;
            rest = (ulong)remainder;
        }

        return rest;
    }
}
