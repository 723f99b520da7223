using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Etl.Csv.Inference;

/// <summary>The numbers that most columns hold, told by one vector: a minus or none, digits, and with a point one to nine more. What is asked of single characters is asked of bits, one for each.</summary>
internal static class ShortNumber
{
    /// <summary>The most characters: so few that a whole number fits INT64, a decimal NUMERIC, and a double keeps every digit.</summary>
    public const int MostBytes = 15;

    private const int MostDecimals = 9;

    /// <summary>Integer, numeric, or text for whatever it does not tell.</summary>
    public static ValueKind KindOf(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty || text.Length > MostBytes)
            return ValueKind.Text;
        Span<byte> room = stackalloc byte[Vector128<byte>.Count];
        text.CopyTo(room);
        return KindOfPadded(in room[0], text.Length);
    }

    /// <summary>The same; at least a character, and 16 bytes from its start on can be read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ValueKind KindOfPadded(ref readonly byte text, int length)
    {
        if (length > MostBytes)
            return ValueKind.Text;
        var raw = Vector128.LoadUnsafe(in text);
        var within = (1U << length) - 1;
        var digits = Vector128.LessThanOrEqual(raw - Vector128.Create((byte)'0'), Vector128.Create((byte)9)).ExtractMostSignificantBits() & within;
        var points = Vector128.Equals(raw, Vector128.Create((byte)'.')).ExtractMostSignificantBits() & within;
        var first = text == '-' ? 1 : 0;
        // A zero before another digit would be lost.
        if ((digits | points | (uint)first) != within || (digits >> first & 1) == 0 || (Unsafe.Add(ref Unsafe.AsRef(in text), first) == '0' && (digits >> first & 2) != 0))
            return ValueKind.Text;
        if (points == 0)
            return ValueKind.Integer;
        var decimals = length - 1 - BitOperations.TrailingZeroCount(points);
        return BitOperations.IsPow2(points) && decimals is > 0 and <= MostDecimals ? ValueKind.Numeric : ValueKind.Text;
    }
}
