using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Etl.Csv.Columns;

/// <summary>The text of quoted fields, in which a doubled quote stands for one (RFC 4180, section 2.7).</summary>
internal static class QuotedText
{
    /// <summary>What is between the quotes; a field that lacks its closing quote ends where it ends.</summary>
    public static ReadOnlySpan<byte> Inside(ReadOnlySpan<byte> raw, byte quote) =>
        raw.Length > 1 && raw[^1] == quote ? raw[1..^1] : raw[1..];

    /// <summary>Copies <paramref name="inside"/> to <paramref name="to"/>, each doubled quote as one. Whole vectors are read and written: there must be room for all of it, and for <see cref="FieldText.Padding"/> bytes after either.</summary>
    /// <returns>The bytes written.</returns>
    public static int Unescape(ReadOnlySpan<byte> inside, byte quote, ref byte to)
    {
        ref var from = ref MemoryMarshal.GetReference(inside);
        var (read, written) = (0, 0);
        while (read < inside.Length)
        {
            var some = Vector256.LoadUnsafe(ref from, (nuint)read);
            some.StoreUnsafe(ref to, (nuint)written);
            var quotes = Vector256.Equals(some, Vector256.Create(quote)).ExtractMostSignificantBits();
            var length = Math.Min(BitOperations.TrailingZeroCount(quotes), Math.Min(Vector256<byte>.Count, inside.Length - read));
            (read, written) = (read + length, written + length);
            if (length == Vector256<byte>.Count || read == inside.Length)
                continue;
            // One quote is written already; the other of two is passed over.
            read += read + 1 < inside.Length && inside[read + 1] == quote ? 2 : 1;
            written++;
        }
        return written;
    }
}
