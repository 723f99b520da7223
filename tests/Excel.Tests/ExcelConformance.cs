using Apache.Arrow;
using Etl.Core.Contracts;
using Etl.Core.Schemas;
using Etl.Testing;

namespace Etl.Excel.Tests;

public sealed class ExcelConformance : ParserConformance
{
    protected override Type OptionsType => typeof(ExcelOptions);

    // A cell whose text is empty is an empty cell.
    protected override IReadOnlyList<string> Strings => [.. base.Strings.Where(s => s.Length > 0)];

    protected override IParser CreateParser(TableSchema columns) => new ExcelParser(new ExcelOptions());

    protected override Task<byte[]> WriteAsync(TableSchema schema, RecordBatch rows)
    {
        var book = new BookWriter().Sheet("Orders");
        book.Row([.. schema.Columns.Select(c => book.Text(c.Name))]);
        foreach (var row in TextsOf(rows)) book.Row([.. row.Zip(schema.Columns, (value, column) => value is null ? null : Cell(book, column.Type, value))]);
        return Task.FromResult(book.ToArray());
    }

    // A number in a cell is a double: what it would round is text.
    private static string Cell(BookWriter book, ColumnType type, string value) => type switch
    {
        ColumnType.Bool => BookWriter.Bool(value == "true"),
        ColumnType.Float64 when value != "Infinity" => book.Number(value),
        _ => book.Text(value.Replace("\r", "_x000D_", StringComparison.Ordinal)),
    };
}
