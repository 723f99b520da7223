using Apache.Arrow;
using Etl.Csv.Columns;
using Column = Etl.Core.Schemas.Column;

namespace Etl.Csv.Casting;

/// <summary>Reads the texts of a column as the parser reads a field of that type: some rows at a time, copied to where the field parsers may load whole vectors. For one thread.</summary>
internal sealed class TextCast(Column column, NullTexts nulls)
{
    private const int PieceRows = 2048;
    private static readonly byte[] NoBlock = new byte[FieldText.Padding];
    private readonly ColumnBuilder builder = ColumnBuilders.Create(column, nulls, transcoded: false);
    private readonly FieldSlot[] slots = new FieldSlot[PieceRows];
    private readonly RowFaults faultsOfPiece = new();
    private byte[] room = [];

    /// <summary>The column as it is read.</summary>
    public Column Column => column;

    /// <summary>The values.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="field">What <paramref name="faults"/> calls the column.</param>
    /// <param name="faults">Takes the rows that have none of the type's values.</param>
    /// <param name="erases">Whether such rows have no value afterwards.</param>
    public IArrowArray Read(StringArray texts, int field, RowFaults faults, bool erases)
    {
        try
        {
            // A builder without a row has no memory to build of.
            if (texts.Length == 0) builder.AppendNulls(0);
            for (var first = 0; first < texts.Length; first += PieceRows) Read(texts, first, Math.Min(PieceRows, texts.Length - first), field, faults, erases);
            return builder.Build();
        }
        catch
        {
            builder.Dispose();
            throw;
        }
    }

    private void Read(StringArray texts, int first, int rows, int field, RowFaults faults, bool erases)
    {
        var ends = texts.ValueOffsets.Slice(first, rows + 1);
        var start = ends[0];
        var text = texts.Values[start..ends[rows]];
        if (room.Length < text.Length + FieldText.Padding) room = new byte[text.Length * 3 / 2 + FieldText.Padding];
        text.CopyTo(room);
        // Decoded text that is empty is a value in a column of text, as it was before.
        for (var row = 0; row < rows; row++)
            slots[row] = texts.IsNull(first + row) ? FieldSlot.Missing : FieldSlot.Side(ends[row] - start, ends[row + 1] - ends[row], quoted: true);
        faultsOfPiece.Clear();
        builder.Append(new FieldText(NoBlock, room, quote: -1), slots.AsSpan(0, rows), field, faultsOfPiece);
        foreach (var (row, _, fault) in faultsOfPiece.Rows)
        {
            faults.Add(first + row, field, fault);
            if (erases) builder.Erase(first + row);
        }
    }
}
