using System.Runtime.CompilerServices;

namespace Etl.Csv.Values;

/// <summary>Up to eight decimal digits at a time in a 64-bit word, the first digit in the lowest byte; shorter texts are filled up with zeros in front.</summary>
internal static class DigitWords
{
    private const ulong Zeros = 0x3030303030303030;

    /// <summary>The first <paramref name="length"/> bytes (1 to 8) of a text; eight are read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Load(ref readonly byte text, int length)
    {
        var shift = (8 - length) * 8;
        return Unsafe.ReadUnaligned<ulong>(in text) << shift | (Zeros & ((1UL << shift) - 1));
    }

    /// <summary>Whether all eight bytes are digits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreDigits(ulong word) => (word & (word + 0x0606060606060606) & 0xF0F0F0F0F0F0F0F0) == Zeros;

    /// <summary>The number that eight digits stand for: neighbours are joined to pairs, pairs to fours, fours to eight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong ToNumber(ulong word) => Join(word - Zeros);

    /// <summary>The same of digits that are 0 to 9.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Join(ulong word)
    {
        word = word * 10 + (word >> 8);
        return ((word & 0x000000FF000000FF) * 0x000F424000000064 + (word >> 16 & 0x000000FF000000FF) * 0x0000271000000001) >> 32;
    }
}
