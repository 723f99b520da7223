using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Etl.Csv.Inference;

/// <summary>
/// Where lines end outside of quotes, 64 characters at a time and a bit for each, as Langdale and Lemire find it in "Parsing gigabytes of JSON per second" (2019): a character is inside when an odd number of quotes
/// stands up to it. That holds where quotes are only round fields, and doubled within.
/// </summary>
internal static class QuotedLines
{
    private const int Block = 64;

    /// <summary>Finds the last line end outside of quotes.</summary>
    /// <param name="text">Text that starts with a record.</param>
    /// <param name="quote">The quote character, doubled where it is text.</param>
    /// <param name="delimiter">The last byte of what stands between fields.</param>
    /// <param name="last">The place of the line end's last character, -1 without one; a return at the very end is none, because it may be half of one.</param>
    /// <param name="endsInQuotes">Whether the text ends inside a quoted field.</param>
    /// <returns>False when a quote stands elsewhere, so that the others say nothing.</returns>
    public static bool TryFindLast(ReadOnlySpan<byte> text, byte quote, byte delimiter, out int last, out bool endsInQuotes)
    {
        last = -1;
        endsInQuotes = false;
        // All bits while inside; whether a field may start at the next character.
        var within = 0UL;
        var starts = 1UL;
        Span<byte> rest = stackalloc byte[Block];
        for (var at = 0; at < text.Length; at += Block)
        {
            var left = text.Length - at;
            if (left < Block)
            {
                rest.Clear();
                text[at..].CopyTo(rest);
            }
            var some = left < Block ? rest : text.Slice(at, Block);
            var quotes = Where(some, quote);
            var returns = Where(some, (byte)'\r');
            var lines = Where(some, (byte)'\n') | returns;
            var ends = lines | quotes | Where(some, delimiter);
            var inside = Parity(quotes) ^ within;
            if ((quotes & inside & ~(ends << 1 | starts)) != 0)
                return false;
            if (left <= Block)
                lines &= ~(returns & 1UL << (left - 1));
            lines &= ~inside;
            if (lines != 0)
                last = at + BitOperations.Log2(lines);
            within = (ulong)((long)inside >> (Block - 1));
            starts = ends >> (Block - 1);
        }
        endsInQuotes = within != 0;
        return true;
    }

    private static ulong Where(ReadOnlySpan<byte> block, byte sign)
    {
        ref var start = ref MemoryMarshal.GetReference(block);
        var wanted = Vector128.Create(sign);
        return Vector128.Equals(Vector128.LoadUnsafe(ref start), wanted).ExtractMostSignificantBits()
            | (ulong)Vector128.Equals(Vector128.LoadUnsafe(ref start, 16), wanted).ExtractMostSignificantBits() << 16
            | (ulong)Vector128.Equals(Vector128.LoadUnsafe(ref start, 32), wanted).ExtractMostSignificantBits() << 32
            | (ulong)Vector128.Equals(Vector128.LoadUnsafe(ref start, 48), wanted).ExtractMostSignificantBits() << 48;
    }

    // Each bit is the parity of those up to it.
    private static ulong Parity(ulong bits)
    {
        bits ^= bits << 1;
        bits ^= bits << 2;
        bits ^= bits << 4;
        bits ^= bits << 8;
        bits ^= bits << 16;
        return bits ^ bits << 32;
    }
}
