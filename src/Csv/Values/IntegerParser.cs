using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Etl.Csv.Values;

/// <summary>Whole numbers: an optional minus and digits without a leading zero, which a number would lose.</summary>
internal static class IntegerParser
{
    /// <summary>Parses a field of at most 19 digits in whole words; 16 bytes from its start on can be read, whatever its length.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryParsePadded(ref readonly byte text, int length, out long value)
    {
        if ((uint)(length - 1) < 8)
        {
            var word = DigitWords.Load(in text, length);
            if (DigitWords.AreDigits(word) && (text != '0' || length == 1))
            {
                value = (long)DigitWords.ToNumber(word);
                return true;
            }
        }
        return TryParseLong(in text, length, out value);
    }

    /// <summary>Parses all of <paramref name="text"/>, spaces around it aside.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out long value)
    {
        text = AsciiText.Trim(text);
        value = 0;
        var negative = text.Length > 0 && text[0] == '-';
        if (negative)
            text = text[1..];
        if ((uint)(text.Length - 1) >= 19)
            return false;
        if (text[0] == '0')
            return text.Length == 1;
        ulong magnitude = 0;
        foreach (var b in text)
        {
            var digit = (uint)(b - '0');
            if (digit > 9)
                return false;
            magnitude = magnitude * 10 + digit;
        }
        if (magnitude > (ulong)long.MaxValue + (negative ? 1UL : 0UL))
            return false;
        value = negative ? (long)(0 - magnitude) : (long)magnitude;
        return true;
    }

    private static bool TryParseLong(ref readonly byte text, int length, out long value)
    {
        if (length is > 8 and <= 16 && text != '0')
        {
            var (high, low) = (DigitWords.Load(in text, length - 8), DigitWords.Load(in Unsafe.Add(ref Unsafe.AsRef(in text), length - 8), 8));
            if (DigitWords.AreDigits(high) && DigitWords.AreDigits(low))
            {
                value = (long)(DigitWords.ToNumber(high) * 100_000_000 + DigitWords.ToNumber(low));
                return true;
            }
        }
        if (length is > 1 and <= 17 && text == '-' && AsciiText.IsDigit(Unsafe.Add(ref Unsafe.AsRef(in text), 1)) && TryParsePadded(in Unsafe.Add(ref Unsafe.AsRef(in text), 1), length - 1, out value))
        {
            value = -value;
            return true;
        }
        return TryParse(MemoryMarshal.CreateReadOnlySpan(in text, length), out value);
    }
}
