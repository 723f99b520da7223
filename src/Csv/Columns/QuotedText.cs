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
    public static ReadOnlySpan<byte> Inside(ReadOnlySpan<byte> raw, byte quote) => raw.Slice(1, LengthInside(in MemoryMarshal.GetReference(raw), raw.Length, quote));

    /// <inheritdoc cref="Unescape(ref byte, int, byte, ref byte)"/>
    public static int Unescape(ReadOnlySpan<byte> inside, byte quote, ref byte to) => Unescape(ref MemoryMarshal.GetReference(inside), inside.Length, quote, ref to);

    /// <summary>Copies the text of a field that stands in quotes; see <see cref="Unescape(ref byte, int, byte, ref byte)"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int UnescapeRaw(ref byte raw, int length, byte quote, ref byte to) => Unescape(ref Unsafe.Add(ref raw, 1), LengthInside(in raw, length, quote), quote, ref to);

    /// <summary>Copies what stands between a field's quotes to <paramref name="to"/>, each doubled quote as one. Whole vectors are read and written: there must be room for all of it, and for <see cref="FieldText.Padding"/> bytes after either.</summary>
    /// <returns>The bytes written.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Unescape(ref byte inside, int length, byte quote, ref byte to)
    {
        if (!Vector512.IsHardwareAccelerated || !Avx512Vbmi2.IsSupported || !Pclmulqdq.IsSupported || !Bmi2.X64.IsSupported)
            return UnescapeRest(ref inside, length, quote, ref to, 0, 0);
        var open = 0UL;
        nint read = 0, written = 0;
        for (; length - read > Vector512<byte>.Count; read += Vector512<byte>.Count)
        {
            if (!TryUnescape(ref Unsafe.Add(ref inside, read), ulong.MaxValue, quote, ref Unsafe.Add(ref to, written), ref open, out var dropped))
                return UnescapeRest(ref inside, length, quote, ref to, (int)read + dropped, (int)written);
            written += Vector512<byte>.Count - dropped;
        }
        return TryUnescape(ref Unsafe.Add(ref inside, read), Bmi2.X64.ZeroHighBits(ulong.MaxValue, (ulong)(length - read)), quote, ref Unsafe.Add(ref to, written), ref open, out var last)
            ? (int)(written + length - read) - last
            : UnescapeRest(ref inside, length, quote, ref to, (int)read + last, (int)written);
    }

    // One vector, of which some bytes count. Open has all bits where the text before it ends with the first of two quotes. False, with what to drop at its front, where a quote is alone.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryUnescape(ref byte from, ulong within, byte quote, ref byte to, ref ulong open, out int dropped)
    {
        dropped = 0;
        var some = Vector512.LoadUnsafe(ref from);
        var quotes = Vector512.Equals(some, Vector512.Create(quote)).ExtractMostSignificantBits() & within;
        if ((quotes | open) == 0)
        {
            some.StoreUnsafe(ref to);
            return true;
        }
        // From the first of two quotes to before the second.
        var pairs = Pclmulqdq.CarrylessMultiply(Vector128.CreateScalar(quotes), Vector128<ulong>.AllBitsSet, 0)[0] ^ open;
        if ((pairs & within & ~quotes) != 0)
        {
            dropped = (int)(quotes & open & 1);
            return false;
        }
        var seconds = quotes & ~pairs;
        Avx512Vbmi2.Compress(Vector512<byte>.Zero, ~Bytes(seconds), some).StoreUnsafe(ref to);
        dropped = BitOperations.PopCount(seconds);
        open = (ulong)((long)pairs >> 63);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int LengthInside(ref readonly byte raw, int length, byte quote) =>
        length - (length > 1 && Unsafe.Add(ref Unsafe.AsRef(in raw), length - 1) == quote ? 2 : 1);

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
