namespace Etl.Excel;

/// <summary>Gives every cell of merged cells what the first one holds.</summary>
/// <param name="merged">The merged ranges.</param>
internal sealed class MergedCells(IEnumerable<CellRange> merged)
{
    private readonly Queue<CellRange> coming = new(merged.OrderBy(m => m.FirstRow));
    private readonly List<(CellRange Range, Cell Cell, byte[] Text)> open = [];

    /// <summary>Fills the row that a reader is on; it is given every row that holds something.</summary>
    public void Fill(SheetReader sheet)
    {
        open.RemoveAll(m => m.Range.LastRow < sheet.Row);
        while (coming.TryPeek(out var next) && next.FirstRow <= sheet.Row)
        {
            coming.Dequeue();
            var first = sheet[next.FirstColumn];
            if (next.FirstRow == sheet.Row && first.Kind != CellKind.Empty) open.Add((next, first, first.Kind is CellKind.Text or CellKind.Error ? sheet.TextOf(first).ToArray() : []));
        }

        foreach (var (range, cell, text) in open)
            for (var column = range.FirstColumn; column <= range.LastColumn; column++)
                if (sheet[column].Kind == CellKind.Empty) sheet.Fill(column, cell, text);
    }
}
