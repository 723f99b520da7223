using Etl.Csv.Columns;
using Etl.Csv.Reading;

namespace Etl.Json;

/// <summary>Where the values of some lines are, column by column: what is parsed at one go. Texts stand in the lines' block, or decoded beside it.</summary>
internal sealed class NdjsonRows
{
    private const int MaxSlots = 32 * 1024;
    private const int MaxRows = 2048;
    private readonly int columns;
    private readonly FieldSlot[] slots;
    private readonly int[] seen;
    private readonly (int Start, int End, long Line, long Offset)[] places;
    private byte[] side = new byte[FieldText.Padding];
    private int sideLength;
    private int stamp;

    public NdjsonRows(int columns)
    {
        this.columns = columns;
        Capacity = Math.Clamp(MaxSlots / Math.Max(1, columns), 1, MaxRows);
        slots = new FieldSlot[columns * Capacity];
        seen = new int[columns];
        places = new (int, int, long, long)[Capacity];
    }

    /// <summary>The most rows.</summary>
    public int Capacity { get; }

    /// <summary>Rows so far.</summary>
    public int Count { get; private set; }

    /// <summary>Decoded texts.</summary>
    public byte[] Side => side;

    /// <summary>The values of one column.</summary>
    public ReadOnlySpan<FieldSlot> Column(int column) => slots.AsSpan(column * Capacity, Count);

    /// <summary>Where a row is: in the block, and in the object.</summary>
    public (int Start, int End, long Line, long Offset) Place(int row) => places[row];

    /// <summary>Starts again.</summary>
    public void Clear() => (Count, sideLength) = (0, 0);

    /// <summary>Begins a row in which every value is missing.</summary>
    public void Begin(ObjectLines lines)
    {
        places[Count] = (lines.Start, lines.End, lines.Line, lines.Offset);
        for (var column = 0; column < columns; column++) slots[column * Capacity + Count] = FieldSlot.Missing;
        stamp++;
        Count++;
    }

    /// <summary>Gives the row that was begun last a value; false when it has one for that column.</summary>
    /// <param name="column">The column.</param>
    /// <param name="at">The value.</param>
    /// <param name="lineStart">Where the line starts in the block.</param>
    public bool Set(int column, in ObjectReader at, int lineStart)
    {
        if (seen[column] == stamp) return false;
        seen[column] = stamp;
        if (at.Kind != JsonKind.Null)
            slots[column * Capacity + Count - 1] = at.IsEscaped || at.Length == 0 ? Decode(at) : FieldSlot.Raw(lineStart + at.Start, at.Length);
        return true;
    }

    /// <summary>Takes back all values of the row that was begun last.</summary>
    public void Blank()
    {
        for (var column = 0; column < columns; column++) slots[column * Capacity + Count - 1] = FieldSlot.Missing;
    }

    // An empty string is a value, which only decoded text can say of itself.
    private FieldSlot Decode(in ObjectReader at)
    {
        var start = sideLength;
        if (start + at.Length + FieldText.Padding > side.Length) Array.Resize(ref side, (start + at.Length) * 2 + FieldText.Padding);
        var length = at.Length == 0 ? 0 : at.Decode(side.AsSpan(start));
        sideLength += length;
        return FieldSlot.Side(start, length, quoted: true);
    }
}
