using System.Buffers;

namespace Etl.Csv.Dialects;

/// <summary>Whether a cell reads as a number somewhere in the world: sign, currency, percent, grouping, decimal point or comma, exponent.</summary>
internal static class NumberShape
{
    private static readonly SearchValues<byte> Mantissa = SearchValues.Create("0123456789.,"u8);

    /// <param name="cell">The cell, trimmed, with at least one digit.</param>
    /// <param name="letters">How many ASCII letters it has.</param>
    /// <param name="others">How many bytes it has that are neither ASCII letters, digits, spaces nor any of <c>:/-.,</c>.</param>
    public static bool Is(ReadOnlySpan<byte> cell, int letters, int others)
    {
        if (letters > 4 || others > 9)
            return false;
        cell = Unwrapped(cell);
        if (letters > 0)
            return HasExponent(cell);
        if (cell.IsEmpty || !IsDigit(cell[^1]) || !(IsDigit(cell[0]) || cell[0] is (byte)'.' or (byte)','))
            return false;
        return Grouped(cell);
    }

    // Signs, currencies and percent signs at either end, brackets for a negative amount.
    private static ReadOnlySpan<byte> Unwrapped(ReadOnlySpan<byte> cell)
    {
        if (cell[0] == '(' && cell[^1] == ')')
            cell = cell[1..^1];
        int start = 0, end = cell.Length;
        while (start < end && IsSign(cell[start]))
            start++;
        while (end > start && IsSign(cell[end - 1]) && cell[end - 1] != '+')
            end--;
        return cell[start..end];
    }

    // Bytes from 0x80 are euro, pound, yen and their kin, or full-width signs.
    private static bool IsSign(byte b) => b is (byte)'-' or (byte)'+' or (byte)'$' or (byte)'%' or (byte)' ' or >= 0x80;

    private static bool HasExponent(ReadOnlySpan<byte> cell)
    {
        var e = cell.IndexOfAny((byte)'e', (byte)'E');
        if (e <= 0 || e + 1 == cell.Length)
            return false;
        var power = cell[(e + 1)..];
        if (power[0] is (byte)'+' or (byte)'-')
            power = power[1..];
        return power.Length is > 0 and < 5 && power.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0
            && IsDigit(cell[0]) && cell[..e].IndexOfAnyExcept(Mantissa) < 0;
    }

    // One mark is a decimal point or groups thousands; with more of them, three digits stand between any two.
    private static bool Grouped(ReadOnlySpan<byte> cell)
    {
        var first = cell.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        if (first < 0)
            return true;
        if (first > 3 && cell[(first + 1)..].IndexOfAny(" ,'_."u8) >= 0)
            return false;
        var at = first;
        while (true)
        {
            if (cell[at] is not ((byte)'.' or (byte)',' or (byte)' ' or (byte)'\'' or (byte)'_'))
                return false;
            var rest = cell[(at + 1)..];
            var next = rest.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
            if (next < 0)
                return rest.Length > 0 && (cell[at] is (byte)'.' or (byte)',' || rest.Length == 3);
            if (next != 3)
                return false;
            at += 1 + next;
        }
    }

    private static bool IsDigit(byte b) => (uint)(b - '0') <= 9;
}
