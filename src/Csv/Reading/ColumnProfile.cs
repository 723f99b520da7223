using Etl.Csv.Dialects;

namespace Etl.Csv.Reading;

/// <summary>What the values of one column look like, as a sample shows: what a field has to look like to belong there.</summary>
internal sealed class ColumnProfile
{
    private const int LongestPattern = 24;
    private readonly int[] shapes = new int[(int)CellShape.Text + 1];
    private byte[]? pattern;
    private int values, matches, quoted;

    /// <summary>How many cells were looked at.</summary>
    public int Cells { get; private set; }

    /// <summary>The length in bytes of the longest value.</summary>
    public int Longest { get; private set; }

    /// <summary>Whether anything but this column's own values would stand out in it.</summary>
    public bool IsDistinct => UsualShape is not null || HasPattern;

    /// <summary>Whether its values stand in quotes.</summary>
    public bool IsQuoted => values > 4 && quoted * 20 >= values * 19;

    private bool HasPattern => pattern is not null && values > 4 && matches * 20 >= values * 19;

    private CellShape? UsualShape
    {
        get
        {
            for (var i = 0; i < shapes.Length; i++)
            {
                if (((CellShape)i).IsTyped() && shapes[i] * 20 >= values * 19 && values > 1)
                    return (CellShape)i;
            }
            return null;
        }
    }

    /// <summary>Looks at one more value.</summary>
    /// <param name="cell">The value.</param>
    /// <param name="inQuotes">Whether it stands in quotes.</param>
    public void Add(ReadOnlySpan<byte> cell, bool inQuotes)
    {
        Cells++;
        var shape = Folded(CellShapes.Of(cell));
        shapes[(int)shape]++;
        if (shape is CellShape.Empty or CellShape.Missing)
            return;
        values++;
        quoted += inQuotes ? 1 : 0;
        Longest = Math.Max(Longest, cell.Length);
        Span<byte> room = stackalloc byte[LongestPattern];
        var found = PatternOf(cell, room);
        pattern ??= found.ToArray();
        matches += found.SequenceEqual(pattern) && found.Length > 1 ? 1 : 0;
    }

    /// <summary>How badly a value fits: 0 as well as any, 1 it stands out, 2 it can hardly be one of this column's.</summary>
    public int Misfit(ReadOnlySpan<byte> cell)
    {
        var shape = Folded(CellShapes.Of(cell));
        if (shape == CellShape.Missing || Cells == 0)
            return 0;
        if (shape == CellShape.Empty)
            return shapes[(int)CellShape.Empty] == 0 && Cells > 4 ? 1 : 0;
        if (values == 0)
            return 1;
        if (UsualShape is { } usual)
            return shape == usual ? 0 : 2;
        if (HasPattern)
            return Matches(cell) ? 0 : 2;
        return shape.IsTyped() && shapes[(int)shape] == 0 ? 1 : 0;
    }

    private bool Matches(ReadOnlySpan<byte> cell)
    {
        Span<byte> room = stackalloc byte[LongestPattern];
        return PatternOf(cell, room).SequenceEqual(pattern);
    }

    private static CellShape Folded(CellShape shape) => shape == CellShape.Integer ? CellShape.Number : shape;

    // The kinds of signs in their order, as AA-9999 for an article number; empty for a text that is longer than one.
    private static ReadOnlySpan<byte> PatternOf(ReadOnlySpan<byte> cell, Span<byte> room)
    {
        if (cell.Length > LongestPattern)
            return default;
        var digits = 0;
        for (var i = 0; i < cell.Length; i++)
        {
            var b = cell[i];
            var digit = (uint)(b - '0') <= 9;
            digits += digit ? 1 : 0;
            room[i] = digit ? (byte)'9' : (uint)((b | 0x20) - 'a') <= 25 ? (byte)'A' : b >= 0x80 ? (byte)0x80 : b;
        }
        return digits == 0 ? default : room[..cell.Length];
    }
}
