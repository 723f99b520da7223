using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Etl.Csv.Values;

/// <summary>Up to sixteen decimal digits at a time, a byte each, the last digit in the last byte; those in front of the first are zero.</summary>
internal static class DigitVector
{
    /// <summary>The digits of a number with those before and after its point together: the byte between the two is left out.</summary>
    /// <param name="bytes">The number, digits as 0 to 9.</param>
    /// <param name="whole">How many digits come first.</param>
    /// <param name="fraction">How many come after the point; 0 when there is no point.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Join(Vector128<byte> bytes, int whole, int fraction)
    {
        var from = Vector128.Create(-16, -15, -14, -13, -12, -11, -10, -9, -8, -7, -6, -5, -4, -3, -2, (sbyte)-1) + Vector128.Create((sbyte)(whole + fraction));
        from -= Vector128.GreaterThanOrEqual(from, Vector128.Create((sbyte)whole));
        // A place before the first digit is negative, and what is shuffled from there is zero.
        return Vector128.ShuffleNative(bytes, from.AsByte());
    }

    /// <summary>Whether all bytes are digits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreDigits(Vector128<byte> digits) => Vector128.LessThanOrEqualAll(digits, Vector128.Create((byte)9));

    /// <summary>The number that the digits stand for: neighbours are joined to pairs, pairs to fours, fours to eights.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong ToNumber(Vector128<byte> digits)
    {
        if (!Sse41.IsSupported) return DigitWords.Join(digits.AsUInt64()[0]) * 100_000_000 + DigitWords.Join(digits.AsUInt64()[1]);
        var pairs = Ssse3.MultiplyAddAdjacent(digits, Vector128.Create((short)0x010A).AsSByte());
        var fours = Sse2.MultiplyAddAdjacent(pairs, Vector128.Create(0x00010064).AsInt16());
        var eights = Sse2.MultiplyAddAdjacent(Sse41.PackUnsignedSaturate(fours, fours).AsInt16(), Vector128.Create(0x00012710).AsInt16()).AsUInt64()[0];
        return (uint)eights * 100_000_000UL + (eights >> 32);
    }
}
