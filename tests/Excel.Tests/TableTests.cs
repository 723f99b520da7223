using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Schemas;
using static Etl.Excel.Tests.BookWriter;

namespace Etl.Excel.Tests;

/// <summary>Which cells of a workbook are the table.</summary>
public sealed class TableTests
{
    private static BookWriter Several()
    {
        var book = new BookWriter().Sheet("secret", "hidden");
        book.Row(Inline("h")).Row(book.Number("1")).Sheet("empty").Sheet("Orders").Row(Inline("o")).Row(book.Number("2")).Sheet("2024").Row(Inline("y")).Row(book.Number("3"));
        return book;
    }

    [Theory]
    [InlineData(null, "o Int64")]
    [InlineData("orders", "o Int64")]
    [InlineData("1", "h Int64")]
    [InlineData("secret", "h Int64")]
    [InlineData("2024", "y Int64")]
    [InlineData("4", "y Int64")]
    public async Task TheSheetIsTheFirstVisibleOneThatHoldsSomethingOrTheOneNamed(string? sheet, string columns) =>
        Assert.Equal(columns, (await Books.InferAsync(Several().ToArray(), new ExcelOptions { Sheet = sheet })).Schema.Columns());

    [Fact]
    public async Task ASheetThatIsNotThereIsAnErrorThatNamesThoseThatAre()
    {
        var error = await Assert.ThrowsAsync<DataException>(() => Books.InferAsync(Several().ToArray(), new ExcelOptions { Sheet = "Order" }));
        Assert.Equal("memory://book.xlsx has no sheet called Order. excel: sheet: names one of secret, empty, Orders, 2024, or its number.", error.Message);
    }

    [Fact]
    public async Task OfSeveralSheetsANoteSaysWhichIsRead() =>
        Assert.Contains("memory://book.xlsx has 3 sheets, of which Orders is read. State excel: sheet to decide.", (await Books.InferAsync(Several().ToArray())).Notes);

    [Theory]
    [InlineData("B3:C", 0, "x Int64, y Int64", "1|2;3|4;9|9")]
    [InlineData("B3:C5", 0, "x Int64, y Int64", "1|2;3|4")]
    [InlineData("$C:$C", 2, "y Int64", "2;4;9")]
    [InlineData(null, 2, "x Int64, y Int64", "1|2;3|4;9|9")]
    public async Task ARangeAndPassedOverRowsLeaveTheRestOut(string? range, int skip, string columns, string rows)
    {
        var book = new BookWriter().Sheet("S");
        book.Row(Inline("A report")).RowAt(3, null, Inline("x"), Inline("y")).Row(null, book.Number("1"), book.Number("2")).Row(null, book.Number("3"), book.Number("4")).RowAt(9, null, book.Number("9"), book.Number("9"));

        var parsed = await Books.ParseAsync(book, new ExcelOptions { Range = range, SkipRows = skip });

        Assert.Equal((columns, rows), (parsed.Schema.Columns(), string.Join(';', parsed.Rows)));
    }

    [Theory]
    [InlineData("B3:A9")]
    [InlineData("B9:C3")]
    [InlineData("XFE1:XFE2")]
    [InlineData("A0:B2")]
    [InlineData(":")]
    [InlineData("Sheet1!A1:B2")]
    public void ARangeThatIsNoneIsRefused(string range) => Assert.False(ExcelOptions.IsRange(range));

    [Fact]
    public async Task HeadersAreMadeLegalAsThoseOfCsvAreAndColumnsWithNeitherNameNorValueAreNone()
    {
        var book = new BookWriter().Sheet("S");
        book.Row(Inline("a"), Inline("a"), null, Inline("Größe (cm)"), null, null).Row(book.Number("1"), book.Number("2"), null, book.Number("3"), book.Text("?")).RowAt(9, null, null, null, null, null, Formula("\"\"", "", "str"));

        var parsed = await Books.ParseAsync(book);

        Assert.Equal(("a Int64, a_2 Int64, Größe_cm Int64, column_5 String", "1|2|3|?"), (parsed.Schema.Columns(), parsed.Rows.Single()));
    }

    [Fact]
    public async Task AHeaderOfTwoRowsIsJoinedWithItsMergedCells()
    {
        var book = new BookWriter().Sheet("S", after: "<mergeCells><mergeCell ref=\"B1:C1\"/></mergeCells>");
        book.Row(Inline("id"), Inline("price"), null).Row(null, Inline("net"), Inline("gross")).Row(book.Number("1"), book.Number("2"), book.Number("3"));
        Assert.Equal("id Int64, price_net Int64, price_gross Int64", (await Books.InferAsync(book.ToArray(), new ExcelOptions { Header = 2 })).Schema.Columns());
    }

    [Fact]
    public async Task WithoutAHeaderColumnsAreNumberedOrCalledAsDeclared()
    {
        var book = new BookWriter().Sheet("S");
        book.Row(book.Number("1"), null, book.Text("x")).Row(book.Number("2"));

        Assert.Equal("column_1 Int64, column_2 String, column_3 String", (await Books.InferAsync(book.ToArray(), new ExcelOptions { Header = 0 })).Schema.Columns());
        var declared = await Books.ParseAsync(book, new ExcelOptions { Header = 0, Columns = [new() { Name = "id", Type = ColumnType.Int64 }, new() { Name = "name", Type = ColumnType.String, Position = 3 }, new() { Name = "gap", Type = ColumnType.String }] });
        Assert.Equal(["1|x|NULL", "2|NULL|NULL"], declared.Rows);
    }

    [Fact]
    public async Task MergedCellsHaveTheirValueOnceOrEverywhere()
    {
        var book = new BookWriter().Sheet("S", after: "<mergeCells><mergeCell ref=\"A2:A3\"/></mergeCells>");
        book.Row(Inline("region"), Inline("n")).Row(book.Text("North"), book.Number("1")).Row(null, book.Number("2")).Row(book.Text("South"), book.Number("3"));

        Assert.Equal(["North|1", "NULL|2", "South|3"], (await Books.ParseAsync(book)).Rows);
        Assert.Equal(["North|1", "North|2", "South|3"], (await Books.ParseAsync(book, new ExcelOptions { FillMerged = true })).Rows);
    }

    [Fact]
    public async Task ColumnsAreFoundByTheirNamesInEveryWorkbook()
    {
        var (one, other) = (new BookWriter().Sheet("S"), new BookWriter().Sheet("S"));
        one.Row(Inline("a"), Inline("b")).Row(one.Number("1"), one.Text("x"));
        other.Row(Inline("b"), Inline("a"), Inline("c")).Row(other.Text("y"), other.Number("2.5"), Bool(true));

        var proposal = await Books.InferAsync(one.ToArray(), null, other.ToArray());

        Assert.Equal(("a Float64, b String, c Bool", true), (proposal.Schema.Columns(), proposal.IsWhole));
        Assert.Equal("2.5|y|true", (await Books.ParseAsync(other, schema: proposal.Schema)).Rows.Single());
    }

    [Fact]
    public async Task AColumnThatNoSampleHasBreaksTheSchemaUnlessTheContractLeavesItOut()
    {
        var book = new BookWriter().Sheet("S");
        book.Row(Inline("a"), Inline("b")).Row(book.Number("1")).Row(book.Number("2"), book.Number("3"));
        var schema = new TableSchema([new Column("a", ColumnType.Int64)]);

        var broken = await Assert.ThrowsAsync<SchemaBrokenException>(() => Books.ParseAsync(book, schema: schema));
        Assert.Contains("none of the sampled objects has this column", broken.Message);
        var left = await Books.ParseAsync(book, new ExcelOptions { Contract = SchemaContract.DiscardColumn }, schema);
        Assert.Equal((2, 1), (left.Rows.Count, left.Tally.Discarded["b"]));
        var rejected = await Books.ParseAsync(book, new ExcelOptions { Contract = SchemaContract.DiscardRow }, schema);
        Assert.Equal(["1"], rejected.Rows);
        Assert.Equal("unknown-column", rejected.Rejects.Single().Kind);
    }
}
