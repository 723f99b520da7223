using System.Buffers;

namespace Etl.Csv.Dialects;

/// <summary>What a cell looks like, told from its bytes alone and for any locale: enough to compare dialects and to tell a header from its rows, never to choose a column's type.</summary>
internal enum CellShape : byte
{
    /// <summary>Nothing, or spaces.</summary>
    Empty,

    /// <summary>A stand-in for a missing value, such as <c>N/A</c>, <c>NULL</c> or <c>-</c>.</summary>
    Missing,

    /// <summary>Digits only.</summary>
    Integer,

    /// <summary>A number with a sign, grouping, decimals, an exponent, a currency or a percent sign.</summary>
    Number,

    /// <summary>A day in any order.</summary>
    Date,

    /// <summary>A time of day.</summary>
    Time,

    /// <summary>A day and a time.</summary>
    DateTime,

    /// <summary>A link, an e-mail address or a network address.</summary>
    Address,

    /// <summary>Yes, no, true or false.</summary>
    Bool,

    /// <summary>Anything else.</summary>
    Text,
}

/// <summary>Tells a cell's <see cref="CellShape"/>.</summary>
internal static class CellShapes
{
    private const int LongestTyped = 64;
    private static readonly SearchValues<byte> Hexadecimal = SearchValues.Create("0123456789abcdefABCDEF:"u8);

    /// <summary>Whether the shape is one that a name in a header seldom has.</summary>
    public static bool IsTyped(this CellShape shape) => shape is >= CellShape.Integer and < CellShape.Text;

    /// <summary>The shape of <paramref name="cell"/>.</summary>
    public static CellShape Of(ReadOnlySpan<byte> cell)
    {
        cell = cell.Trim((byte)' ');
        if (cell.IsEmpty)
            return CellShape.Empty;
        if (IsMissing(cell))
            return CellShape.Missing;
        if (cell.Length > LongestTyped)
            return IsLink(cell) ? CellShape.Address : CellShape.Text;
        int digits = 0, letters = 0, colons = 0, separators = 0, points = 0, spaces = 0, others = 0;
        foreach (var b in cell)
        {
            if (b is >= (byte)'0' and <= (byte)'9')
                digits++;
            else if ((uint)((b | 0x20) - 'a') <= 25)
                letters++;
            else if (b == ':')
                colons++;
            else if (b is (byte)'/' or (byte)'-')
                separators++;
            else if (b is (byte)'.' or (byte)',')
                points++;
            else if (b == ' ')
                spaces++;
            else
                others++;
        }
        if (digits == cell.Length)
            return CellShape.Integer;
        if (digits == 0)
            return letters > 0 && IsLink(cell) ? CellShape.Address : IsBool(cell) ? CellShape.Bool : CellShape.Text;
        if (NumberShape.Is(cell, letters, others))
            return CellShape.Number;
        if (CalendarShape.Of(cell, colons, separators, points, letters) is { } day)
            return day;
        if (IsLink(cell) || (colons > 2 && separators + points + spaces + others == 0 && cell.IndexOfAnyExcept(Hexadecimal) < 0))
            return CellShape.Address;
        return CellShape.Text;
    }

    private static bool IsMissing(ReadOnlySpan<byte> cell) => cell.Length switch
    {
        1 => cell[0] is (byte)'-' or (byte)'.' or (byte)'?' or (byte)'*',
        2 => cell.SequenceEqual("NA"u8) || cell.SequenceEqual("--"u8) || cell.SequenceEqual("\\N"u8),
        3 => cell.SequenceEqual("N/A"u8) || cell.SequenceEqual("n/a"u8) || cell.SequenceEqual("NaN"u8) || cell.SequenceEqual("nan"u8) || cell.SequenceEqual("..."u8),
        4 => cell.SequenceEqual("NULL"u8) || cell.SequenceEqual("null"u8) || cell.SequenceEqual("None"u8) || cell.SequenceEqual("#N/A"u8),
        _ => false,
    };

    private static bool IsBool(ReadOnlySpan<byte> cell) => cell.Length switch
    {
        4 => cell.SequenceEqual("true"u8) || cell.SequenceEqual("TRUE"u8) || cell.SequenceEqual("True"u8),
        5 => cell.SequenceEqual("false"u8) || cell.SequenceEqual("FALSE"u8) || cell.SequenceEqual("False"u8),
        _ => false,
    };

    private static bool IsLink(ReadOnlySpan<byte> cell)
    {
        if (cell.StartsWith("http://"u8) || cell.StartsWith("https://"u8) || cell.StartsWith("www."u8))
            return !cell.Contains((byte)' ');
        var at = cell.IndexOf((byte)'@');
        return at > 0 && cell[at..].Contains((byte)'.') && cell.IndexOfAny(" ,;\t"u8) < 0;
    }
}
