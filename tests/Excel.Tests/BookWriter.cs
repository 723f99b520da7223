using System.Globalization;
using System.IO.Compression;
using System.Security;
using System.Text;

namespace Etl.Excel.Tests;

/// <summary>Writes workbooks (ECMA-376) with no library, so that what is read is not what the same code wrote.</summary>
internal sealed class BookWriter
{
    private const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private const string Office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private readonly List<(string Name, string State, StringBuilder Rows, string After)> sheets = [];
    private readonly List<string> shared = [];
    private readonly List<string> formats = [];
    private int row;

    public bool Is1904 { get; init; }

    /// <summary>Parts that a workbook has besides.</summary>
    public Dictionary<string, string> Others { get; } = [];

    /// <summary>Begins a sheet.</summary>
    public BookWriter Sheet(string name, string state = "visible", string after = "")
    {
        sheets.Add((name, state, new StringBuilder(), after));
        row = 0;
        return this;
    }

    /// <summary>Adds the next row; a null is a cell that is not there.</summary>
    public BookWriter Row(params string?[] cells) => RowAt(row + 1, cells);

    /// <summary>Adds a row with a number.</summary>
    public BookWriter RowAt(int number, params string?[] cells)
    {
        row = number;
        var text = sheets[^1].Rows.Append(CultureInfo.InvariantCulture, $"<row r=\"{number}\">");
        for (var i = 0; i < cells.Length; i++)
            if (cells[i] is { } cell) text.Append(cell.Replace("<c", $"<c r=\"{Letters(i)}{number}\"", StringComparison.Ordinal));
        text.Append("</row>");
        return this;
    }

    /// <summary>A shared string.</summary>
    public string Text(string text) => Item($"<si><t xml:space=\"preserve\">{SecurityElement.Escape(text)}</t></si>");

    /// <summary>A shared string, as XML.</summary>
    public string Item(string item)
    {
        shared.Add(item);
        return $"<c t=\"s\"><v>{shared.Count - 1}</v></c>";
    }

    /// <summary>Text in the cell itself.</summary>
    public static string Inline(string text) => $"<c t=\"inlineStr\"><is><t>{SecurityElement.Escape(text)}</t></is></c>";

    /// <summary>A number, or one that a format shows.</summary>
    public string Number(string number, string? format = null) => format is null ? $"<c><v>{number}</v></c>" : $"<c s=\"{Style(format)}\"><v>{number}</v></c>";

    public static string Bool(bool value) => $"<c t=\"b\"><v>{(value ? 1 : 0)}</v></c>";

    public static string Error(string error) => $"<c t=\"e\"><v>{error}</v></c>";

    /// <summary>A formula with what it came to.</summary>
    public static string Formula(string formula, string value, string type = "n") => $"<c t=\"{type}\"><f>{SecurityElement.Escape(formula)}</f><v>{value}</v></c>";

    /// <summary>The workbook's bytes.</summary>
    public byte[] ToArray()
    {
        var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, content) in Parts())
            {
                using var part = zip.CreateEntry(name).Open();
                part.Write(Encoding.UTF8.GetBytes(content));
            }

        return file.ToArray();
    }

    private static string Letters(int column) => (column < 26 ? "" : Letters((column / 26) - 1)) + (char)('A' + (column % 26));

    private int Style(string format)
    {
        if (!formats.Contains(format)) formats.Add(format);
        return formats.IndexOf(format) + 1;
    }

    private IEnumerable<(string Name, string Content)> Parts()
    {
        yield return ("[Content_Types].xml", "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/>"
            + Type("/xl/workbook.xml", "sheet.main") + Type("/xl/sharedStrings.xml", "sharedStrings") + Type("/xl/styles.xml", "styles") + string.Concat(sheets.Select((_, i) => Type($"/xl/worksheets/sheet{i + 1}.xml", "worksheet"))) + "</Types>");
        yield return ("_rels/.rels", Relations(("rId1", "officeDocument", "xl/workbook.xml")));
        yield return ("xl/workbook.xml", $"<workbook xmlns=\"{Main}\" xmlns:r=\"{Office}\"><workbookPr{(Is1904 ? " date1904=\"1\"" : "")}/><sheets>"
            + string.Concat(sheets.Select((s, i) => $"<sheet name=\"{s.Name}\" sheetId=\"{i + 1}\" state=\"{s.State}\" r:id=\"rId{i + 1}\"/>")) + "</sheets></workbook>");
        yield return ("xl/_rels/workbook.xml.rels", Relations([.. sheets.Select((_, i) => ($"rId{i + 1}", "worksheet", $"worksheets/sheet{i + 1}.xml")), ("rId1001", "sharedStrings", "sharedStrings.xml"), ("rId1002", "styles", "styles.xml")]));
        yield return ("xl/sharedStrings.xml", $"<sst xmlns=\"{Main}\">{string.Concat(shared)}</sst>");
        yield return ("xl/styles.xml", $"<styleSheet xmlns=\"{Main}\"><numFmts>{string.Concat(formats.Select((f, i) => $"<numFmt numFmtId=\"{200 + i}\" formatCode=\"{SecurityElement.Escape(f)}\"/>"))}</numFmts>"
            + $"<cellXfs><xf numFmtId=\"0\"/>{string.Concat(formats.Select((_, i) => $"<xf numFmtId=\"{200 + i}\"/>"))}</cellXfs></styleSheet>");
        for (var i = 0; i < sheets.Count; i++)
            yield return ($"xl/worksheets/sheet{i + 1}.xml", $"<worksheet xmlns=\"{Main}\"><sheetViews><sheetView/></sheetViews><sheetData>{sheets[i].Rows}</sheetData>{sheets[i].After}</worksheet>");
        foreach (var (name, content) in Others) yield return (name, content);
    }

    private static string Type(string part, string type) => $"<Override PartName=\"{part}\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.{type}+xml\"/>";

    private static string Relations(params (string Id, string Type, string Target)[] relations) =>
        $"<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{string.Concat(relations.Select(r => $"<Relationship Id=\"{r.Id}\" Type=\"{Office}/{r.Type}\" Target=\"{r.Target}\"/>"))}</Relationships>";
}
