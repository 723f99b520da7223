using System.Globalization;
using System.Xml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using Etl.Core.Errors;

namespace Etl.Excel;

/// <summary>An opened workbook.</summary>
internal sealed class Workbook : IDisposable
{
    // Parts that are read as documents: the list of sheets, and the styles.
    private const int MostCharactersInPart = 64 << 20;
    private readonly SpreadsheetDocument document;
    private readonly List<(string Name, bool IsVisible, WorksheetPart Part)> sheets = [];

    private Workbook(SpreadsheetDocument document, string name, CancellationToken cancel)
    {
        (this.document, Name) = (document, name);
        var main = document.WorkbookPart ?? throw new InvalidDataException("It has no workbook part.");
        Is1904 = main.Workbook?.WorkbookProperties?.Date1904?.Value ?? false;
        Formats = NumberFormats.Of(main.WorkbookStylesPart?.Stylesheet);
        Strings = SharedStrings.Read(main.SharedStringTablePart?.GetStream(FileMode.Open, FileAccess.Read), name, cancel);
        // Those that are charts have another kind of part.
        foreach (var sheet in main.Workbook?.Sheets?.Elements<Sheet>() ?? [])
            if (sheet is { Name.Value: { } called, Id.Value: { } id } && main.TryGetPartById(id, out var part) && part is WorksheetPart cells)
                sheets.Add((called, sheet.State is null || sheet.State.Value == SheetStateValues.Visible, cells));
    }

    /// <summary>The workbook, for messages.</summary>
    public string Name { get; }

    /// <summary>Whether days are counted from 1904.</summary>
    public bool Is1904 { get; }

    /// <summary>The texts that cells refer to.</summary>
    public SharedStrings Strings { get; }

    /// <summary>What the cells' styles show of numbers.</summary>
    public NumberFormats Formats { get; }

    /// <summary>The visible sheets.</summary>
    public IEnumerable<string> Visible => sheets.Where(s => s.IsVisible).Select(s => s.Name);

    /// <summary>Opens a workbook.</summary>
    /// <param name="content">Its bytes, which seek and are left open.</param>
    /// <param name="name">What it is called.</param>
    /// <param name="cancel">Stops reading, then and later.</param>
    /// <exception cref="DataException">It is none that can be read.</exception>
    public static Workbook Open(Stream content, string name, CancellationToken cancel) => Damage.Explain(name, () =>
    {
        var bytes = new BlockingContent(content, cancel);
        WorkbookKind.Check(bytes, name);
        var document = SpreadsheetDocument.Open(bytes, isEditable: false, new OpenSettings { MaxCharactersInPart = MostCharactersInPart });
        try
        {
            return new Workbook(document, name, cancel);
        }
        catch
        {
            document.Dispose();
            throw;
        }
    });

    /// <summary>The sheet that is called so or has this number; the first visible one that holds something in <paramref name="range"/> when nothing is said. Without any such, the first visible one.</summary>
    /// <exception cref="DataException">There is none.</exception>
    public string Choose(string? sheet, CellRange range)
    {
        if (sheets.Count == 0) throw new DataException($"{Name} has no sheet with cells.");
        if (sheet is null) return Visible.FirstOrDefault(s => Holds(s, range)) ?? Visible.FirstOrDefault() ?? throw new DataException($"All sheets of {Name} are hidden. Name the one to read with excel: sheet: {Names()}.");
        if (sheets.Find(s => string.Equals(s.Name, sheet, StringComparison.OrdinalIgnoreCase)) is { Name: { } called }) return called;
        return int.TryParse(sheet, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= sheets.Count
            ? sheets[number - 1].Name
            : throw new DataException($"{Name} has no sheet called {sheet}. excel: sheet: names one of {Names()}, or its number.");
    }

    /// <summary>The rows of a sheet.</summary>
    public SheetReader Read(string sheet) => Damage.Explain(Name, () => new SheetReader(Open(sheet), this));

    /// <summary>The merged cells of a sheet, which stand after its rows.</summary>
    public IReadOnlyList<CellRange> Merged(string sheet) => Damage.Explain(Name, () =>
    {
        var merged = new List<CellRange>();
        using var xml = PartXml.Create(Open(sheet));
        while (xml.Read())
        {
            if (xml.NodeType != XmlNodeType.Element) continue;
            if (xml.LocalName == "sheetData") xml.Skip();
            if (xml.NodeType == XmlNodeType.Element && xml.LocalName == "mergeCell" && CellRange.TryParse(xml.GetAttribute("ref") ?? "", out var range)) merged.Add(range);
        }

        return merged;
    });

    /// <inheritdoc/>
    public void Dispose() => document.Dispose();

    private Stream Open(string sheet) => sheets.Find(s => s.Name == sheet).Part.GetStream(FileMode.Open, FileAccess.Read);

    private bool Holds(string sheet, CellRange range)
    {
        using var rows = Read(sheet);
        while (rows.Read() && rows.Row <= range.LastRow)
            for (var column = range.FirstColumn; column < rows.Width; column++)
                if (rows[column].Kind != CellKind.Empty && range.Contains(rows.Row, column)) return true;
        return false;
    }

    private string Names() => string.Join(", ", sheets.Select(s => s.Name));
}
