using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Etl.Csv.Columns;

/// <summary>The text of quoted fields, in which a doubled quote stands for one (RFC 4180, section 2.7).</summary>
internal static class QuotedText
{
    /// <summary>What is between the quotes; a field that lacks its closing quote ends where it ends.</summary>
    public static ReadOnlySpan<byte> Inside(ReadOnlySpan<byte> raw, byte quote) =>
        raw.Length > 1 && raw[^1] == quote ? raw[1..^1] : raw[1..];

    /// <summary>Copies <paramref name="inside"/> to <paramref name="to"/>, each doubled quote as one. Whole vectors are read and written: there must be room for all of it, and for <see cref="FieldText.Padding"/> bytes after either.</summary>
    /// <returns>The bytes written.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Unescape(ReadOnlySpan<byte> inside, byte quote, ref byte to)
    {
        ref var from = ref MemoryMarshal.GetReference(inside);
        var (read, written) = (0, 0);
        if (!Vector512.IsHardwareAccelerated || !Avx512Vbmi2.IsSupported || !Pclmulqdq.IsSupported)
            return UnescapeRest(ref from, inside.Length, quote, ref to, 0, 0);
        var open = 0UL;
        while (read < inside.Length)
        {
            var some = Vector512.LoadUnsafe(ref from, (nuint)read);
            var within = ulong.MaxValue >> Math.Max(0, Vector512<byte>.Count - (inside.Length - read));
            var quotes = Vector512.Equals(some, Vector512.Create(quote)).ExtractMostSignificantBits() & within;
            // From the first of two quotes to before the second.
            var pairs = Pclmulqdq.CarrylessMultiply(Vector128.CreateScalar(quotes), Vector128<ulong>.AllBitsSet, 0)[0] ^ open;
            if ((pairs & within & ~quotes) != 0)
                return UnescapeRest(ref from, inside.Length, quote, ref to, read + (int)(quotes & open & 1), written);
            var seconds = quotes & ~pairs;
            Avx512Vbmi2.Compress(Vector512<byte>.Zero, ~Bytes(seconds), some).StoreUnsafe(ref to, (nuint)written);
            written += BitOperations.PopCount(within & ~seconds);
            read += Vector512<byte>.Count;
            open = (ulong)((long)pairs >> 63);
        }
        return written;
    }

    // A byte of ones for each bit.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Bytes(ulong bits)
    {
        var spread = Avx512BW.Shuffle(Vector512.Create(bits).AsByte(), Vector512.Create(0UL, 0x01010101_01010101, 0x02020202_02020202, 0x03030303_03030303, 0x04040404_04040404, 0x05050505_05050505, 0x06060606_06060606, 0x07070707_07070707).AsByte());
        var one = Vector512.Create(0x80402010_08040201UL).AsByte();
        return Vector512.Equals(spread & one, one);
    }

    // From somewhere on, one quote after the other.
    private static int UnescapeRest(ref byte from, int length, byte quote, ref byte to, int read, int written)
    {
        while (read < length)
        {
            var some = Vector256.LoadUnsafe(ref from, (nuint)read);
            some.StoreUnsafe(ref to, (nuint)written);
            var quotes = Vector256.Equals(some, Vector256.Create(quote)).ExtractMostSignificantBits();
            var plain = Math.Min(BitOperations.TrailingZeroCount(quotes), Math.Min(Vector256<byte>.Count, length - read));
            (read, written) = (read + plain, written + plain);
            if (plain == Vector256<byte>.Count || read == length)
                continue;
            // One quote is written already; the other of two is passed over.
            read += read + 1 < length && Unsafe.Add(ref from, read + 1) == quote ? 2 : 1;
            written++;
        }
        return written;
    }
}
