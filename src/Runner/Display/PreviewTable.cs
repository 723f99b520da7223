using System.Globalization;
using Etl.Core.Contracts;
using Etl.Core.Schemas;
using Spectre.Console;

namespace Etl.Runner.Display;

/// <summary>Typed rows in as many tables, one below the other, as the columns need at the console's width; rows that do not fit are marked, with their reasons below.</summary>
internal sealed class PreviewTable(PreviewedRows seen, int width)
{
    private const int MostTables = 8;
    private const string Mark = "✗";
    private readonly TableSchema schema = seen.Schema;
    private readonly IReadOnlyList<string?[]> rows = seen.Rows;
    private readonly IReadOnlyList<Reject> rejects = seen.Rejects;

    // Room for two long texts side by side; what is not text is never cut.
    private readonly int widestText = Math.Clamp(width * 2 / 5, 12, 48);

    /// <summary>Prints the tables and the reasons.</summary>
    public void Write(IAnsiConsole console)
    {
        var widths = schema.Columns.Select((column, i) => WidthOf(column, i)).ToArray();
        var label = Math.Max(Number(rows.Count).Length, rejects.Count == 0 ? 0 : rejects.Max(r => CellText.Width(LabelOf(r))));
        var (next, tables) = (0, 0);
        while (next < widths.Length && tables < MostTables)
        {
            // A border and two spaces of padding for each column, and the last border.
            var (first, left) = (next, width - (label + 3) - 1);
            do left -= widths[next++] + 3;
            while (next < widths.Length && left >= widths[next] + 3);
            console.Write(TableOf(first, next));
            tables++;
        }

        if (next < widths.Length)
            console.WriteLine($"{Number(widths.Length - next)} more columns: {CellText.Cut(string.Join(", ", schema.Columns.Skip(next).Select(c => c.Name)), Math.Max(20, (width * 2) - 24))}");
        foreach (var reject in rejects)
        {
            console.Write(new Text($"{Mark} line {Number(reject.Line)}: ", new Style(Color.Red)));
            console.WriteLine($"{(reject.Column is null ? "" : $"{reject.Column}: ")}{reject.Reason}");
        }
    }

    private Table TableOf(int first, int next)
    {
        var table = new Table().Border(TableBorder.Rounded);
        table.AddColumn(new TableColumn("") { Alignment = Justify.Right, NoWrap = true });
        for (var i = first; i < next; i++)
        {
            var header = new Rows(new Text(CellText.Cut(schema.Columns[i].Name, widestText), new Style(decoration: Decoration.Bold)), new Text(schema.Columns[i].Type.SqlName(), new Style(decoration: Decoration.Dim)));
            table.AddColumn(new TableColumn(header) { Alignment = IsNumber(schema.Columns[i].Type) ? Justify.Right : Justify.Left, NoWrap = true });
        }

        for (var row = 0; row < rows.Count; row++)
            table.AddRow([new Text(Number(row + 1), new Style(decoration: Decoration.Dim)), .. Enumerable.Range(first, next - first).Select(i => Cell(rows[row][i], schema.Columns[i].Type))]);
        foreach (var reject in rejects)
        {
            var red = new Style(Color.Red);
            table.AddRow([new Text(LabelOf(reject), red), .. Enumerable.Range(first, next - first).Select(i => schema.Columns[i].Name == reject.Column ? new Text(CellText.Of(reject.Value, widestText), red) : new Text("·", red))]);
        }

        return table;
    }

    private int WidthOf(Column column, int index) => Math.Max(
        Math.Max(CellText.Width(CellText.Cut(column.Name, widestText)), column.Type.SqlName().Length),
        rows.Select(row => row[index] is { } value ? CellText.Width(Shown(value, column.Type)) : 4)
            .Concat(rejects.Where(r => r.Column == column.Name).Select(r => CellText.Width(CellText.Of(r.Value, widestText)))).DefaultIfEmpty(0).Max());

    private Text Cell(string? value, ColumnType type) => value is null ? new Text("NULL", new Style(decoration: Decoration.Dim)) : new Text(Shown(value, type));

    private string Shown(string value, ColumnType type) => type == ColumnType.String ? CellText.Of(value, widestText) : value;

    private static string LabelOf(Reject reject) => $"{Mark} line {Number(reject.Line)}";

    private static bool IsNumber(ColumnType type) => type is ColumnType.Int64 or ColumnType.Float64 or ColumnType.Numeric or ColumnType.BigNumeric;

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
