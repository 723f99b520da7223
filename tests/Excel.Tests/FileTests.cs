using System.IO.Compression;
using System.Text;
using Etl.Core.Errors;
using static Etl.Excel.Tests.BookWriter;

namespace Etl.Excel.Tests;

/// <summary>Files by other programs, and files that are no workbooks.</summary>
public sealed class FileTests
{
    private static byte[] Small()
    {
        var book = new BookWriter().Sheet("S");
        return book.Row(Inline("a")).Row(book.Number("1")).ToArray();
    }

    [Fact]
    public async Task WhatOpenpyxlWroteIsRead()
    {
        var parsed = await Books.ParseAsync(Books.File("openpyxl.xlsx"));
        Assert.Equal("id Int64, customer String, ordered_on Date, paid_at DateTime, amount Float64, open Bool, code String", parsed.Schema.Columns());
        Assert.Equal(
            ["1|Müller & Söhne|2024-01-31|2024-01-31T09:30:00.000000|19.9|true|007", "2|鈴木商店|2024-02-29|2024-02-29T18:05:01.000000|0.3|false|12A", "3|NULL|2024-12-01|NULL|1000|true|0"], parsed.Rows);
    }

    [Theory]
    [InlineData("excel-strict.xlsx")]
    [InlineData("excel-merged.xlsx")]
    public async Task WhatExcelWroteIsRead(string file)
    {
        var parsed = await Books.ParseAsync(Books.File(file), new ExcelOptions { Header = 0 });
        Assert.True(parsed.Tally.RowsRead > 0);
    }

    [Theory]
    [InlineData("xlwt.xls", "memory://book.xlsx is a workbook of Excel 97 to 2003 (.xls), which is not read. Save it as .xlsx and upload it again.")]
    [InlineData("excel-password.xlsx", "memory://book.xlsx is protected by a password, and there is none to read it with. Save it without one and upload it again.")]
    [InlineData("excel.xlsb", "memory://book.xlsx is a binary workbook (.xlsb), which is not read. Save it as .xlsx and upload it again.")]
    public async Task OlderAndBinaryWorkbooksAreRefusedWithAWayOut(string file, string message) =>
        Assert.Equal(message, (await Assert.ThrowsAsync<DataException>(() => Books.InferAsync(Books.File(file)))).Message);

    [Fact]
    public async Task TextIsNamedAsSuch()
    {
        var error = await Assert.ThrowsAsync<DataException>(() => Books.InferAsync("a,b\n1,2\n"u8.ToArray()));
        Assert.Contains("it seems to be text. Read CSV with the parser csv", error.Message);
    }

    [Fact]
    public async Task AnArchiveOfFilesIsNoWorkbook()
    {
        var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
            zip.CreateEntry("a.csv").Open().Dispose();
        Assert.Contains("is a zip archive and no workbook", (await Assert.ThrowsAsync<DataException>(() => Books.InferAsync(file.ToArray()))).Message);
    }

    [Fact]
    public async Task AnyCutIsAnErrorOfTheData()
    {
        var book = Small();
        foreach (var length in Enumerable.Range(0, book.Length / 37).Select(i => i * 37))
            await Assert.ThrowsAnyAsync<DataException>(() => Books.InferAsync(book[..length]));
    }

    [Fact]
    public async Task AnyChangedByteIsReadOrIsAnErrorOfTheData()
    {
        var book = Small();
        for (var at = 0; at < book.Length; at += 11)
        {
            var changed = book.ToArray();
            changed[at] ^= 0x55;
            try
            {
                await Books.ParseAsync(changed);
            }
            catch (DataException)
            {
                // Said in words.
            }
        }
    }

    [Theory]
    [InlineData("<row r=\"9999999\"><c><v>1</v></c></row>", "A row has the number 9999999")]
    [InlineData("<row r=\"1\"><c r=\"ZZZZ1\"><v>1</v></c></row>", "and a sheet has 16,384")]
    [InlineData("<row r=\"1\"><c t=\"s\"><v>5</v></c></row>", "refers to shared string 5, of 0")]
    [InlineData("<row r=\"1\"><c", "is no workbook that can be read to its end")]
    public async Task APartThatCannotBeIsDamage(string rows, string message)
    {
        var error = await Assert.ThrowsAsync<DataException>(() => Books.InferAsync(Replace(Small(), "xl/worksheets/sheet1.xml", $"<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>{rows}</sheetData></worksheet>")));
        Assert.Contains(message, error.Message);
    }

    [Fact]
    public async Task GzipRoundAWorkbookIsUndone()
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(Small());
        Assert.Equal(["1"], (await Books.ParseAsync(packed.ToArray())).Rows);
    }

    [Fact]
    public async Task ATextWithoutEndDoesNotFillTheMemory()
    {
        var book = new BookWriter().Sheet("S").Row(Inline("a")).Row(Inline(new string('x', 3 << 20)));
        Assert.Contains("A cell has a text of more than 1,048,576 characters", (await Assert.ThrowsAsync<DataException>(() => Books.InferAsync(book.ToArray()))).Message);
    }

    private static byte[] Replace(byte[] book, string name, string content)
    {
        var file = new MemoryStream();
        file.Write(book);
        using (var zip = new ZipArchive(file, ZipArchiveMode.Update, leaveOpen: true))
        {
            zip.GetEntry(name)!.Delete();
            using var part = zip.CreateEntry(name).Open();
            part.Write(Encoding.UTF8.GetBytes(content));
        }

        return file.ToArray();
    }
}
