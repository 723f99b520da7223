using Etl.Core.Schemas;
using static Etl.Excel.Tests.BookWriter;

namespace Etl.Excel.Tests;

/// <summary>Rows that do not fit.</summary>
public sealed class RejectTests
{
    private static BookWriter WithError()
    {
        var book = new BookWriter().Sheet("Orders");
        return book.Row(Inline("a"), Inline("b")).Row(book.Number("1"), book.Text("x")).RowAt(17, Error("#DIV/0!"), book.Text("y")).Row(Error("#N/A"), book.Text("z"));
    }

    [Fact]
    public async Task AnErrorInACellIsADeadLetterThatNamesSheetRowAndColumn()
    {
        var parsed = await Books.ParseAsync(WithError());

        Assert.Equal(("a Int64, b String", "1|x"), (parsed.Schema.Columns(), parsed.Rows.Single()));
        var reject = parsed.Rejects[0];
        Assert.Equal(("memory://book.xlsx!Orders", 17, "a", "error"), (reject.Object, reject.Line, reject.Column, reject.Kind));
        Assert.Equal("expected a value, found the error #DIV/0! (column A)", reject.Reason);
        Assert.Equal("#DIV/0!\ty", reject.Row);
        Assert.Equal(3, parsed.Tally.RowsRead);
    }

    [Fact]
    public async Task AnErrorThatIsListedIsAMissingValue()
    {
        var parsed = await Books.ParseAsync(WithError(), new ExcelOptions { Null = ["#N/A", "#DIV/0!"] });
        Assert.Equal(["1|x", "NULL|y", "NULL|z"], parsed.Rows);
    }

    [Fact]
    public async Task ANoteSaysHowManyRowsHaveErrors() =>
        Assert.Contains((await Books.InferAsync(WithError().ToArray())).Notes, n => n.StartsWith("2 of 3 rows of memory://book.xlsx!Orders have an error", StringComparison.Ordinal));

    [Fact]
    public async Task AValueOfAnotherTypeAndAMissingOneAreRejectedWithTheirReasons()
    {
        var book = new BookWriter().Sheet("S");
        book.Row(Inline("id"), Inline("day")).Row(book.Number("1"), book.Number("45322", "yyyy-mm-dd")).Row(book.Text("x"), book.Number("45322", "yyyy-mm-dd")).Row(null, book.Number("45322", "yyyy-mm-dd")).Row(book.Number("4"), book.Number("45322.5", "yyyy-mm-dd"));

        var parsed = await Books.ParseAsync(book, new ExcelOptions { Columns = [new() { Name = "id", Type = ColumnType.Int64, Nullable = false }, new() { Name = "day", Type = ColumnType.Date }] });

        Assert.Equal(["1|2024-01-31"], parsed.Rows);
        Assert.Equal(
            ["3 id type: expected INT64 (whole number), found text (column A)", "4 id required: expected a value, found none (column A)", "5 day type: expected DATE (date such as 2024-01-31), found a date and time without a zone (column B)"],
            parsed.Rejects.Select(r => $"{r.Line} {r.Column} {r.Kind}: {r.Reason}"));
    }

    [Fact]
    public async Task ManyRowsComeInSeveralBatchesAndAreAllCounted()
    {
        var book = new BookWriter().Sheet("S");
        book.Row(Inline("n"), Inline("t"));
        for (var i = 0; i < 70_000; i++) book.Row(i % 1000 == 999 ? Error("#REF!") : book.Number(i.ToString()), Inline("text " + i));

        var parsed = await Books.ParseAsync(book);

        Assert.Equal((70_000, 69_930, 70), (parsed.Tally.RowsRead, parsed.Rows.Count, parsed.Rejects.Count));
        Assert.Equal("69998|text 69998", parsed.Rows[^1]);
        Assert.Equal(70_001, parsed.Rejects[^1].Line);
    }
}
