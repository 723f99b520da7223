using System.Globalization;
using System.Xml;

namespace Etl.Excel;

/// <summary>Goes through the rows of a sheet's part (ECMA-376 part 1, 18.3.1.73), once and in order; no more than a row is in memory.</summary>
internal sealed class SheetReader : IDisposable
{
    private readonly XmlReader xml;
    private readonly Workbook book;
    private readonly XmlText value = new();
    private Cell[] cells = new Cell[16];
    private byte[] text = new byte[1024];
    private int textLength;
    private bool isOver;

    /// <param name="part">The sheet's part.</param>
    /// <param name="book">Its workbook.</param>
    public SheetReader(Stream part, Workbook book) => (xml, this.book) = (PartXml.Create(part), book);

    /// <summary>The row's number, from 1.</summary>
    public long Row { get; private set; }

    /// <summary>The columns up to the last one that holds something.</summary>
    public int Width { get; private set; }

    /// <summary>A cell of the row; an empty one beyond its end.</summary>
    public Cell this[int column] => column < Width ? cells[column] : default;

    /// <summary>The text of a text or an error.</summary>
    public ReadOnlySpan<byte> TextOf(Cell cell) => (cell.IsShared ? book.Strings.Text : text).AsSpan(cell.Start, cell.Length);

    /// <summary>Goes to the next row that holds something.</summary>
    /// <exception cref="Core.Errors.DataException">The part is damaged.</exception>
    public bool Read() => Damage.Explain(book.Name, () =>
    {
        while (!isOver && ReadRow())
            if (Width > 0) return true;
        isOver = true;
        return false;
    });

    /// <summary>Gives an empty cell of the row what another one holds.</summary>
    /// <param name="column">The cell.</param>
    /// <param name="cell">The other one.</param>
    /// <param name="content">Its text, if it has one.</param>
    public void Fill(int column, in Cell cell, ReadOnlySpan<byte> content) => Set(column, cell.Kind is CellKind.Text or CellKind.Error ? Own(cell.Kind, content) : cell);

    /// <inheritdoc/>
    public void Dispose() => xml.Dispose();

    private bool ReadRow()
    {
        while (xml.Read())
        {
            if (xml is { NodeType: XmlNodeType.EndElement, LocalName: "sheetData" }) return false;
            if (xml.NodeType != XmlNodeType.Element || xml.LocalName != "row" || xml.Depth != 2) continue;
            Row = long.TryParse(xml.GetAttribute("r"), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : Row + 1;
            if (Row is < 1 or > CellRange.MostRows) throw new InvalidDataException($"A row has the number {Row}, and a sheet has {CellRange.MostRows:N0}.");
            Array.Clear(cells, 0, Width);
            (Width, textLength) = (0, 0);
            if (!xml.IsEmptyElement) ReadCells();
            return true;
        }

        return false;
    }

    private void ReadCells()
    {
        var depth = xml.Depth;
        var next = 0;
        while (xml.Read() && xml.Depth > depth)
        {
            if (xml.NodeType != XmlNodeType.Element || xml.LocalName != "c") continue;
            var column = ColumnOf(xml.GetAttribute("r")) ?? next;
            if (column >= CellRange.MostColumns) throw new InvalidDataException($"Row {Row} has a cell in column {column + 1}, and a sheet has {CellRange.MostColumns:N0}.");
            next = column + 1;
            if (!xml.IsEmptyElement && ReadCell() is { Kind: not CellKind.Empty } cell) Set(column, cell);
        }
    }

    private void Set(int column, in Cell cell)
    {
        if (column >= cells.Length) Array.Resize(ref cells, Math.Min(CellRange.MostColumns, Math.Max(column + 1, cells.Length * 2)));
        cells[column] = cell;
        Width = Math.Max(Width, column + 1);
    }

    private static int? ColumnOf(string? reference)
    {
        if (reference is null) return null;
        var letters = reference.AsSpan().TrimEnd("0123456789");
        return CellRange.ColumnOf(letters) is >= 0 and var column ? column : null;
    }

    private Cell ReadCell()
    {
        var type = xml.GetAttribute("t");
        var style = int.TryParse(xml.GetAttribute("s"), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        var depth = xml.Depth;
        value.Clear();
        while (xml.Read() && xml.Depth > depth)
        {
            if (xml.NodeType != XmlNodeType.Element || xml.Depth != depth + 1) continue;
            if (xml.LocalName == "v") value.AddElement(xml);
            else if (xml.LocalName == "is") value.AddItem(xml);
        }

        return value.Chars.IsEmpty ? default : type switch
        {
            "s" => Shared(int.Parse(value.Chars, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture)),
            "inlineStr" or "str" => Own(CellKind.Text),
            "e" => Own(CellKind.Error),
            "b" => new Cell(CellKind.Bool, value.Chars is "1" or "true" ? 1 : 0),
            "d" => OfDate(),
            _ => OfNumber(style),
        };
    }

    private Cell Shared(int index)
    {
        var (start, length) = book.Strings[index];
        return length == 0 ? default : new Cell(CellKind.Text, Start: start, Length: length, IsShared: true);
    }

    private Cell Own(CellKind kind) => Own(kind, value.ToUtf8());

    private Cell Own(CellKind kind, ReadOnlySpan<byte> utf8)
    {
        if (textLength + utf8.Length > text.Length) Array.Resize(ref text, (textLength + utf8.Length) * 2);
        utf8.CopyTo(text.AsSpan(textLength));
        var cell = new Cell(kind, Start: textLength, Length: utf8.Length);
        textLength += utf8.Length;
        return cell;
    }

    private Cell OfNumber(int style)
    {
        if (!double.TryParse(value.Chars, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number)) return Own(CellKind.Text);
        var shown = book.Formats[style];
        return shown != ShownTime.None && SerialDate.TryRead(number, book.Is1904, out _) ? new Cell(CellKind.Moment, number, shown) : new Cell(CellKind.Number, number);
    }

    // ISO 8601, as strict workbooks may have it.
    private Cell OfDate() =>
        DateTime.TryParse(value.Chars, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var moment)
            ? new Cell(CellKind.Moment, SerialDate.Of(moment, book.Is1904), value.Chars.Contains('T') ? ShownTime.DateTime : ShownTime.Date)
            : Own(CellKind.Text);
}
