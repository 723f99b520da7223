using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Etl.Csv.Columns;

namespace Etl.Csv.Values;

/// <summary>
/// Four numbers of one column at a time, each in a lane of 16 bytes of one vector: an optional minus and digits, with or without a point. Any other form is left to the parsers of one number.
/// What is asked of single bytes is asked of bits, a bit for each byte of the vector, because vectors of this size have two of a core's execution ports, and bits have the others.
/// </summary>
internal static class DigitLanes
{
    /// <summary>How many numbers are read at a time.</summary>
    public const int Count = 4;

    private const int MostBytes = 15;
    private const ulong Firsts = 0x0001_0001_0001_0001;

    /// <summary>Whether this machine has such vectors, and does not slow down for them.</summary>
    public static bool AreSupported => Vector512.IsHardwareAccelerated && Avx512BW.IsSupported;

    /// <summary>Reads the whole numbers of four rows, of at most 15 characters; false when one of them is not plain.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryReadWhole(in FieldText text, in FieldColumn column, int row, ref long to)
    {
        if (!TryLoad(in text, in column, row, out var raw, out var lengths))
            return false;
        var digits = Digits(raw, out _, out var minus, out _, out var odd);
        var negative = Vector512<byte>.Zero;
        if (minus != 0)
        {
            negative = AreNegative(raw);
            if (Vector512.EqualsAny(negative & Spread(lengths), Vector512.Create((byte)1)))
                return false;
            digits = WithoutMinus(digits, negative);
        }
        // -16 to -1: a place before the first is negative, and what is shuffled from there is zero.
        digits = Avx512BW.Shuffle(digits, Lanes(0xF7F6F5F4_F3F2F1F0, 0xFFFEFDFC_FBFAF9F8) + Spread(lengths));
        if (Vector512.GreaterThanAny(digits, Vector512.Create((byte)9)) || odd != 0)
            return false;
        var numbers = ToNumbers(digits);
        if (minus != 0)
            numbers = Negate(numbers, negative);
        Avx512F.PermuteVar8x64(numbers, Vector512.Create(0L, 2, 4, 6, 0, 0, 0, 0)).GetLower().StoreUnsafe(ref to);
        return true;
    }

    /// <summary>Reads the decimals of four rows, of at most seven characters before the point and nine after it, scaled by 10^9; false when one of them is not plain.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryReadDecimals(in FieldText text, in FieldColumn column, int row, ref Int128 to)
    {
        if (!TryLoad(in text, in column, row, out var raw, out var lengths))
            return false;
        var digits = Digits(raw, out var areDigits, out var minus, out var first, out var odd);
        var points = Vector512.Equals(raw, Vector512.Create((byte)'.')).ExtractMostSignificantBits();
        var length = Spread(lengths);
        var within = Vector512.LessThan(Lanes(0x07060504_03020100, 0x0F0E0D0C_0B0A0908), length).ExtractMostSignificantBits();
        points &= within;
        var lasts = within & ~(within >> 1);
        // The point, or the end: what comes first.
        var ends = points | ~within;
        var wholes = Whole(ends, 0) | Whole(ends, 1) << 8 | Whole(ends, 2) << 16 | Whole(ends, 3) << 24;
        // Digits at either end.
        var isPlain = (odd | (first & ~within) | (lasts & ~areDigits)) == 0
            // At most nine digits after the point, and seven characters before it.
            && ((points & 0x003F_003F_003F_003F) << 10 & within) == 0
            && (((ends & 0x00FF_00FF_00FF_00FF) + 0x7FFF_7FFF_7FFF_7FFF) & 0x8000_8000_8000_8000) == 0x8000_8000_8000_8000;
        if (!isPlain)
            return false;
        var negative = Vector512<byte>.Zero;
        if (minus != 0)
        {
            negative = AreNegative(raw);
            digits = WithoutMinus(digits, negative);
        }
        // Seven digits, -7 to -1 from the point, then nine, 1 to 9, are those of the scaled number; a place behind the last is zero, as one before the first is. A second point is none of the digits.
        var from = Lanes(0x01FFFEFD_FCFBFAF9, 0x09080706_05040302) + Spread(wholes);
        digits = Avx512BW.Shuffle(digits, from | Vector512.GreaterThanOrEqual(from.AsSByte(), length.AsSByte()).AsByte());
        if (Vector512.GreaterThanAny(digits, Vector512.Create((byte)9)))
            return false;
        var numbers = ToNumbers(digits);
        if (minus != 0)
        {
            numbers = Negate(numbers, negative);
            numbers = Vector512.ConditionalSelect(Vector512.Create(-1L, 0, -1, 0, -1, 0, -1, 0), numbers, Vector512.ShiftRightArithmetic(numbers, 63));
        }
        else
        {
            numbers &= Vector512.Create(-1L, 0, -1, 0, -1, 0, -1, 0);
        }
        numbers.StoreUnsafe(ref Unsafe.As<Int128, long>(ref to));
        return true;
    }

    // The first 16 bytes of four fields of the block, and a byte each that says how long they are.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryLoad(in FieldText text, in FieldColumn column, int row, out Vector512<byte> raw, out uint lengths)
    {
        column.Four(row, out var a, out var b, out var c, out var d);
        raw = default;
        lengths = 0;
        if (!FieldSlot.AreRaw(a, b, c, d))
            return false;
        var (lengthA, lengthB, lengthC, lengthD) = (a.RawLength, b.RawLength, c.RawLength, d.RawLength);
        lengths = lengthA | lengthB << 8 | lengthC << 16 | lengthD << 24;
        // A byte that is zero borrows.
        if ((lengthA | lengthB | lengthC | lengthD) > MostBytes || (lengths - 0x01010101 & 0x80808080) != 0)
            return false;
        ref var block = ref text.Block;
        var low = Avx2.InsertVector128(Vector128.LoadUnsafe(ref block, a.RawStart).ToVector256Unsafe(), Vector128.LoadUnsafe(ref block, b.RawStart), 1);
        var high = Avx2.InsertVector128(Vector128.LoadUnsafe(ref block, c.RawStart).ToVector256Unsafe(), Vector128.LoadUnsafe(ref block, d.RawStart), 1);
        raw = Avx512F.InsertVector256(low.ToVector512Unsafe(), high, 1);
        return true;
    }

    // The bytes less '0', and a bit each: which are digits, which are a minus in front, which come first behind that, and of the first those that are no digit, or a zero before another digit.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Digits(Vector512<byte> raw, out ulong areDigits, out ulong minus, out ulong first, out ulong odd)
    {
        var digits = raw - Vector512.Create((byte)'0');
        areDigits = Vector512.LessThanOrEqual(digits, Vector512.Create((byte)9)).ExtractMostSignificantBits();
        minus = Vector512.Equals(raw, Vector512.Create((byte)'-')).ExtractMostSignificantBits() & Firsts;
        first = Firsts + minus;
        odd = first & (~areDigits | (Vector512.Equals(raw, Vector512.Create((byte)'0')).ExtractMostSignificantBits() & areDigits >> 1));
        return digits;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Whole(ulong ends, int lane) => (uint)BitOperations.TrailingZeroCount((ends >> (16 * lane)) | 1UL << MostBytes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Lanes(ulong low, ulong high) => Vector512.Create(low, high, low, high, low, high, low, high).AsByte();

    // Byte i in all of lane i.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Spread(uint bytes) =>
        Avx512BW.Shuffle(Vector512.Create(bytes).AsByte(), Vector512.Create(0UL, 0, 0x01010101_01010101, 0x01010101_01010101, 0x02020202_02020202, 0x02020202_02020202, 0x03030303_03030303, 0x03030303_03030303).AsByte());

    // All of a lane whose number has a minus.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> AreNegative(Vector512<byte> raw) => Vector512.Equals(Avx512BW.Shuffle(raw, Vector512<byte>.Zero), Vector512.Create((byte)'-'));

    // A zero for the minus.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> WithoutMinus(Vector512<byte> digits, Vector512<byte> negative) => Vector512.AndNot(digits, negative & Lanes(0xFF, 0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<long> Negate(Vector512<long> numbers, Vector512<byte> negative) => (numbers ^ negative.AsInt64()) - negative.AsInt64();

    // Neighbours are joined to pairs, pairs to fours, fours to eights, eights to sixteen; the number is both halves of its lane.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<long> ToNumbers(Vector512<byte> digits)
    {
        var pairs = Avx512BW.MultiplyAddAdjacent(digits, Vector512.Create((short)0x010A).AsSByte());
        var fours = Avx512BW.MultiplyAddAdjacent(pairs, Vector512.Create(0x00010064).AsInt16());
        var eights = Avx512BW.MultiplyAddAdjacent(Avx512BW.PackUnsignedSaturate(fours, fours).AsInt16(), Vector512.Create(0x00012710).AsInt16()).AsUInt64();
        return (Avx512F.Multiply(eights.AsUInt32(), Vector512.Create(100_000_000U)) + (eights >>> 32)).AsInt64();
    }
}
