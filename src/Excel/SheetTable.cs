using System.Text;
using Etl.Core.Schemas;
using Etl.Csv.Reading;

namespace Etl.Excel;

/// <summary>The table that a sheet holds: its header, and then its rows, a row at a time.</summary>
internal sealed class SheetTable : IDisposable
{
    private readonly SheetReader sheet;
    private readonly CellText text;
    private readonly CellRange range;
    private readonly long first;
    private readonly MergedCells? merged;
    private bool isAhead;

    /// <param name="book">The workbook.</param>
    /// <param name="options">Which sheet of it, and which cells of that.</param>
    /// <exception cref="Core.Errors.DataException">There is no such sheet, or it cannot be read.</exception>
    public SheetTable(Workbook book, ExcelOptions options)
    {
        range = options.Range is { } written && CellRange.TryParse(written, out var given) ? given : CellRange.All;
        first = range.FirstRow + options.SkipRows;
        Name = book.Choose(options.Sheet, range with { FirstRow = first });
        merged = options.FillMerged ? new MergedCells(book.Merged(Name)) : null;
        text = new CellText(book);
        sheet = book.Read(Name);
        Header = ReadHeader(options.HeaderRows);
    }

    /// <summary>The sheet's name.</summary>
    public string Name { get; }

    /// <summary>The names of the columns, as they are written, up to the last that has one.</summary>
    public IReadOnlyList<string> Header { get; }

    /// <summary>The row's number in the sheet, from 1.</summary>
    public long Row => sheet.Row;

    /// <summary>The fields up to the last one of the row that may hold something.</summary>
    public int Width => Math.Max(0, Math.Min(sheet.Width, range.LastColumn + 1) - range.FirstColumn);

    /// <summary>A cell of the row, by its place in the table, from 0.</summary>
    public Cell this[int field] => sheet[range.FirstColumn + field];

    /// <summary>The letters of a field's column.</summary>
    public string LettersOf(int field) => CellRange.Letters(range.FirstColumn + field);

    /// <summary>What a cell of the row holds, as the text that a column of <paramref name="type"/> reads.</summary>
    public ReadOnlySpan<byte> TextOf(int field, ColumnType type) => text.Of(sheet, this[field], type);

    /// <summary>Goes to the next row that holds something.</summary>
    public bool Next()
    {
        if (isAhead)
        {
            isAhead = false;
            return true;
        }

        while (sheet.Read() && sheet.Row <= range.LastRow)
        {
            merged?.Fill(sheet);
            if (sheet.Row >= first && HoldsSomething()) return true;
        }

        return false;
    }

    /// <inheritdoc/>
    public void Dispose() => sheet.Dispose();

    private bool HoldsSomething()
    {
        for (var field = 0; field < Width; field++)
            if (this[field].Kind != CellKind.Empty) return true;
        return false;
    }

    private string[] ReadHeader(int rows)
    {
        if (rows == 0 || !Next()) return [];
        var (names, end, more) = (new List<string[]>(), Row + rows, true);
        for (; more && Row < end; more = Next()) names.Add([.. Enumerable.Range(0, Width).Select(field => Encoding.UTF8.GetString(TextOf(field, ColumnType.String)))]);
        isAhead = more;
        var header = HeaderNames.Join(names).AsSpan();
        while (header is [.., var last] && string.IsNullOrWhiteSpace(last)) header = header[..^1];
        return header.ToArray();
    }
}
