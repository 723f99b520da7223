using Etl.Core.Schemas;

namespace Etl.FixedWidth;

/// <summary>Numbers that are filled up with zeros to their column's width. Where a person says that a column holds numbers, the zeros are no part of them; elsewhere they may be (<c>007</c>).</summary>
internal static class ZeroPadding
{
    /// <summary>Whether values of a type may be filled up with zeros.</summary>
    public static bool IsIn(ColumnType? type) => type is ColumnType.Int64 or ColumnType.Float64 or ColumnType.Numeric or ColumnType.BigNumeric;

    /// <summary>How many zeros come before the number, after its sign if it has one: one digit is left before a point or the end.</summary>
    public static int Length(ReadOnlySpan<byte> number)
    {
        var digits = number is [(byte)'-', ..] ? number[1..] : number;
        var zeros = 0;
        while (zeros + 1 < digits.Length && digits[zeros] == '0' && char.IsAsciiDigit((char)digits[zeros + 1])) zeros++;
        return zeros;
    }
}
