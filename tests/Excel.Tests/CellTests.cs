using Etl.Core.Schemas;
using Etl.Csv;
using static Etl.Excel.Tests.BookWriter;

namespace Etl.Excel.Tests;

/// <summary>What a cell holds is what its column gets.</summary>
public sealed class CellTests
{
    [Fact]
    public async Task NumbersAreWholeOrDoublesAndTextThatLooksLikeANumberStaysText()
    {
        var book = new BookWriter().Sheet("S");
        book.Row(Inline("whole"), Inline("part"), Inline("code"), Inline("open"), Inline("note")).Row(book.Number("12"), book.Number("0.30000000000000004"), book.Text("007"), Bool(true), book.Text("a"))
            .Row(book.Number("9007199254740991"), book.Number("1E-7"), book.Text("12"), Bool(false), Inline("b")).Row(book.Number("-3"), book.Number("2"), book.Text("13"), null, null);

        var parsed = await Books.ParseAsync(book);

        Assert.Equal("whole Int64, part Float64, code String, open Bool, note String", parsed.Schema.Columns());
        Assert.Equal(["12|0.30000000000000004|007|true|a", "9007199254740991|1E-07|12|false|b", "-3|2|13|NULL|NULL"], parsed.Rows);
    }

    [Fact]
    public async Task TheNumberFormatMakesADateATimeOrBoth()
    {
        var book = new BookWriter().Sheet("S");
        book.Row(Inline("day"), Inline("moment"), Inline("time"), Inline("mixed"), Inline("long"))
            .Row(book.Number("45322", "yyyy\\-mm\\-dd"), book.Number("45322.395833333336", "m/d/yy h:mm"), book.Number("0.395833333333333", "h:mm AM/PM"), book.Number("45322", "[$-411]ggge\"年\"m\"月\"d\"日\""), book.Number("1.5208333333333333", "[h]:mm"))
            .Row(book.Number("1", "d.m.yyyy"), book.Number("61.5", "dd/mm/yyyy hh:mm:ss"), book.Number("0.5", "mm:ss.0"), book.Number("45322.5", "yyyy/m/d h:mm"), book.Number("0.25", "[h]:mm"));

        var parsed = await Books.ParseAsync(book);

        Assert.Equal("day Date, moment DateTime, time Time, mixed DateTime, long String", parsed.Schema.Columns());
        Assert.Equal(["2024-01-31|2024-01-31T09:30:00.000000|09:30:00.000000|2024-01-31T00:00:00.000000|36:30:00", "1900-01-01|1900-03-01T12:00:00.000000|12:00:00.000000|2024-01-31T12:00:00.000000|06:00:00"], parsed.Rows);
    }

    [Theory]
    [InlineData("0.00E+00")]
    [InlineData("#,##0 \"days\"")]
    [InlineData("[Red]0.0;\\-0.0")]
    [InlineData("General\\ \\d")]
    [InlineData("_-* #,##0.00\\ \"kr\"_-")]
    public async Task OtherFormatsLeaveNumbersNumbers(string format)
    {
        var book = new BookWriter().Sheet("S");
        var parsed = await Books.ParseAsync(book.Row(Inline("a")).Row(book.Number("1.5", format)));
        Assert.Equal(("a Float64", "1.5"), (parsed.Schema.Columns(), parsed.Rows.Single()));
    }

    [Fact]
    public async Task DaysAreCountedFrom1904WhereTheWorkbookSaysSo()
    {
        var book = new BookWriter { Is1904 = true }.Sheet("S");
        var parsed = await Books.ParseAsync(book.Row(Inline("day")).Row(book.Number("43860", "yyyy-mm-dd")).Row(book.Number("0.5", "h:mm")));
        Assert.Equal(["2024-01-31", "12:00:00"], parsed.Rows);
    }

    [Fact]
    public async Task ADayThatNeverWasIsANumber()
    {
        var book = new BookWriter().Sheet("S");
        book.Row(Inline("day")).Row(book.Number("60", "yyyy-mm-dd")).Row(book.Number("45322", "yyyy-mm-dd"));
        var parsed = await Books.ParseAsync(book, new ExcelOptions { Columns = [new() { Name = "day", Type = ColumnType.Date }] });
        Assert.Equal(["2024-01-31"], parsed.Rows);
        Assert.Equal("expected DATE (date such as 2024-01-31), found a whole number (column A)", parsed.Rejects.Single().Reason);
    }

    [Fact]
    public async Task FormulasAreWhatTheyCameTo()
    {
        var book = new BookWriter().Sheet("S");
        var parsed = await Books.ParseAsync(book.Row(Inline("n"), Inline("t"), Inline("b")).Row(Formula("1+1", "2"), Formula("\"a\"&\"b\"", "ab", "str"), Formula("TRUE()", "1", "b")));
        Assert.Equal("2|ab|true", parsed.Rows.Single());
    }

    [Fact]
    public async Task TextIsRichTextWithoutItsReadingAndWithItsEscapes()
    {
        var book = new BookWriter().Sheet("S");
        book.Row(Inline("a")).Row(book.Item("<si><r><rPr><b/></rPr><t>東</t></r><r><t xml:space=\"preserve\">京 </t></r><rPh sb=\"0\" eb=\"2\"><t>トウキョウ</t></rPh></si>"))
            .Row(book.Text("line_x000A_two_x005F_x000A_")).Row(book.Item("<si><t/></si>"), Inline("beyond"));

        var parsed = await Books.ParseAsync(book, new ExcelOptions { Range = "A:A" });

        Assert.Equal(["東京 ", "line\ntwo_x000A_"], parsed.Rows);
    }

    [Fact]
    public async Task InAColumnOfTextANumberIsWrittenAsExcelShowsIt()
    {
        var book = new BookWriter().Sheet("S");
        book.Row(Inline("a")).Row(book.Text("x")).Row(book.Number("1000000000000000")).Row(book.Number("0.30000000000000004")).Row(book.Number("1.5E-5")).Row(Bool(true)).Row(book.Number("45322.5", "d/m/yy h:mm")).Row(book.Number("1.23456E+30"));

        var parsed = await Books.ParseAsync(book);

        Assert.Equal("a String", parsed.Schema.Columns());
        Assert.Equal(["x", "1000000000000000", "0.3", "0.000015", "TRUE", "2024-01-31T12:00:00", "1.23456E+30"], parsed.Rows);
    }

    [Fact]
    public async Task DeclaredTypesAndFormatsHoldForTextAndTypedCellsAlike()
    {
        var book = new BookWriter().Sheet("S");
        book.Row(Inline("d"), Inline("n"), Inline("b"), Inline("t"), Inline("id"))
            .Row(book.Text("31.01.2024"), book.Text("1.234,50 EUR"), book.Text("ja"), book.Text("31.01.2024 09:00"), book.Number("7"))
            .Row(book.Number("45322", "d.m.yy"), book.Number("1234.5"), Bool(false), book.Number("45322.375", "d.m.yy h:mm"), book.Text("007"));
        var options = new ExcelOptions
        {
            Columns =
            [
                new() { Name = "d", Type = ColumnType.Date, Format = "dd.MM.yyyy" }, new() { Name = "n", Type = ColumnType.Numeric, Decimal = ",", Grouping = ".", Strip = [" EUR"] },
                new() { Name = "b", Type = ColumnType.Bool, True = ["ja"], False = ["nein"] }, new() { Name = "t", Type = ColumnType.Timestamp, Format = "dd.MM.yyyy HH:mm", TimeZone = "Europe/Berlin" },
                new() { Name = "id", Type = ColumnType.String },
            ],
        };

        var parsed = await Books.ParseAsync(book, options);

        Assert.Empty(parsed.Rejects);
        Assert.Equal(["2024-01-31|1234.5|true|2024-01-31T08:00:00.000000|7", "2024-01-31|1234.5|false|2024-01-31T08:00:00.000000|007"], parsed.Rows);
    }

    [Fact]
    public async Task WithSchemaStringsEveryColumnIsText()
    {
        var book = new BookWriter().Sheet("S");
        var parsed = await Books.ParseAsync(book.Row(Inline("a"), Inline("b")).Row(book.Number("1.5"), book.Number("45322", "yyyy-mm-dd")), new ExcelOptions { Schema = CsvSchemaMode.Strings });
        Assert.Equal(("a String, b String", "1.5|2024-01-31"), (parsed.Schema.Columns(), parsed.Rows.Single()));
    }
}
