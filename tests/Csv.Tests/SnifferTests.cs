using System.Text;
using Etl.Core.Errors;

namespace Etl.Csv.Tests;

public sealed class SnifferTests
{
    static SnifferTests() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    private const string Japanese = "顧客番号,氏名,カナ,備考\n1,山田太郎,ヤマダタロウ,ソ連の表を予約する\n2,鈴木花子,ｽｽﾞｷ ﾊﾅｺ,十分な能力\n3,東京都千代田区,ﾁﾖﾀﾞ,申込は\"5\"件まで\n";
    private const string Western = "nom,ville,prix\nHélène,Orléans,1\nFrançois,Besançon,2\nJosé,Málaga,3\nJürgen,Köln,4\n";

    [Theory]
    [InlineData(",")]
    [InlineData(";")]
    [InlineData("\t")]
    [InlineData("|")]
    public void DelimitersAreTold(string delimiter)
    {
        var dialect = Sniff($"id{delimiter}name{delimiter}note\n1{delimiter}a b{delimiter}\"x, y; z\"\n2{delimiter}c d{delimiter}w\n");
        Assert.Equal((delimiter, '"', true), (dialect.Delimiter, dialect.Quote, dialect.HasHeader));
    }

    [Theory]
    [InlineData("a,b\n1,x\n2,y\n", true)]
    [InlineData("1,x\n2,y\n", false)]
    [InlineData("name,city\nann,rome\nbob,oslo\n", true)]
    [InlineData("country,2019,2020\nJP,1,2\nFR,3,4\n", true)]
    [InlineData("ann,rome\nbob,oslo\nann,paris\n", false)]
    [InlineData("id,day\n", true)]
    public void AHeaderIsTold(string text, bool header) => Assert.Equal(header, Sniff(text).HasHeader);

    [Fact]
    public void APreambleIsSkipped()
    {
        var dialect = Sniff("Monthly report\nPrinted 2024-01-01\n\nid,name,qty\n1,a,2\n2,b,3\n3,c,4\n");
        Assert.Equal((3, true), (dialect.SkipLines, dialect.HasHeader));
    }

    [Fact]
    public async Task RowsAfterAPreambleKeepTheirLinesAndOffsets()
    {
        const string Text = "Monthly report\nPrinted\n\nid,name,qty\n1,a,2\n2,b,3\n3,c,4\nx,d,5\n";
        var parsed = await Csv.ParseAsync(Text, Csv.Schema(("id", Core.Schemas.ColumnType.Int64), ("name", Core.Schemas.ColumnType.String), ("qty", Core.Schemas.ColumnType.Int64)));
        Assert.Equal(3, parsed.Rows.Count);
        Assert.Equal((8L, (long)Text.IndexOf("x,d", StringComparison.Ordinal)), (parsed.Rejects[0].Line, parsed.Rejects[0].ByteOffset));
    }

    [Fact]
    public void ExcelsSeparatorLineIsTaken()
    {
        var dialect = Sniff("sep=;\na;b\n1;2,5\n");
        Assert.Equal((";", 1), (dialect.Delimiter, dialect.SkipLines));
    }

    [Theory]
    [InlineData("a,b\r\n1,2\r\n", "\r\n")]
    [InlineData("a,b\r1,2\r", "\r")]
    [InlineData("a,b\n1,2\n", "\n")]
    public void LineEndingsAreTold(string text, string ending) => Assert.Equal(ending, Sniff(text).LineEnding);

    [Theory]
    [InlineData("shift_jis", "shift_jis")]
    [InlineData("euc-jp", "euc-jp")]
    [InlineData("utf-8", "utf-8")]
    [InlineData("utf-16", "utf-16")]
    [InlineData("utf-16BE", "utf-16BE")]
    public async Task JapaneseIsReadInEveryEncoding(string encoding, string found)
    {
        var bytes = Encoding.GetEncoding(encoding).GetBytes(Japanese);
        Assert.Equal(found, CsvSniffer.Sniff(bytes, true).Encoding);
        var parsed = await Csv.ParseAsync(bytes);
        Assert.Equal(["顧客番号", "氏名", "カナ", "備考"], parsed.Schema.Columns.Select(c => c.Name));
        Assert.Equal([["1", "山田太郎", "ヤマダタロウ", "ソ連の表を予約する"], ["2", "鈴木花子", "ｽｽﾞｷ ﾊﾅｺ", "十分な能力"], ["3", "東京都千代田区", "ﾁﾖﾀﾞ", "申込は\"5\"件まで"]], parsed.Rows);
    }

    [Fact]
    public async Task WesternEuropeanTextIsWindows1252()
    {
        var bytes = Encoding.GetEncoding("windows-1252").GetBytes(Western);
        Assert.Equal("windows-1252", CsvSniffer.Sniff(bytes, true).Encoding);
        Assert.Equal("Hélène", (await Csv.ParseAsync(bytes)).Rows[0][0]);
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    [InlineData("utf-32")]
    public async Task AByteOrderMarkSettlesTheEncoding(string name)
    {
        var encoding = Encoding.GetEncoding(name);
        byte[] bytes = [.. encoding.GetPreamble(), .. encoding.GetBytes("id,é\n1,x\n")];
        var dialect = CsvSniffer.Sniff(bytes, true);
        Assert.Equal((name, encoding.GetPreamble().Length), (dialect.Encoding, dialect.BomLength));
        var parsed = await Csv.ParseAsync(bytes);
        Assert.Equal(["id", "é"], parsed.Schema.Columns.Select(c => c.Name));
        Assert.Equal([["1", "x"]], parsed.Rows);
    }

    [Fact]
    public void ASampleCutAnywhereGivesTheSameEncoding()
    {
        foreach (var name in new[] { "shift_jis", "euc-jp", "utf-8", "utf-16" })
        {
            var bytes = Encoding.GetEncoding(name).GetBytes(Japanese);
            for (var length = 40; length < bytes.Length; length++)
                Assert.Equal(name, CsvSniffer.Sniff(bytes.AsMemory(0, length), false).Encoding);
        }
    }

    [Fact]
    public async Task HalfWidthKatakanaAloneIsCp932()
    {
        var bytes = Encoding.GetEncoding("shift_jis").GetBytes("ｺｰﾄﾞ,ﾅﾏｴ\n1,ﾔﾏﾀﾞ ﾀﾛｳ\n2,ｽｽﾞｷ ﾊﾅｺ\n");
        Assert.Equal("shift_jis", CsvSniffer.Sniff(bytes, true).Encoding);
        Assert.Equal("ﾔﾏﾀﾞ ﾀﾛｳ", (await Csv.ParseAsync(bytes)).Rows[0][1]);
    }

    [Fact]
    public async Task BytesThatAreNoCp932RejectTheirRow()
    {
        var encoding = Encoding.GetEncoding("shift_jis");
        byte[] bytes = [.. encoding.GetBytes(Japanese), .. "4,"u8, 0x81, 0x20, .. ",x,y\n5,"u8, .. encoding.GetBytes("佐藤"), .. ",x,y\n"u8];
        var parsed = await Csv.ParseAsync(bytes, options: new CsvOptions { Encoding = "cp932" });
        Assert.Equal(["1", "2", "3", "5"], parsed.Rows.Select(r => r[0]));
        Assert.Equal(("encoding", 5L), (Assert.Single(parsed.Rejects).Kind, parsed.Rejects[0].Line));
    }

    [Fact]
    public void BinaryIsNoText()
    {
        var error = Assert.Throws<DataException>(() => CsvSniffer.Sniff(new byte[] { 0x50, 0x4B, 3, 4, 0, 0, 8, 0, 1, 2, 3, 0, 0xFF, 0xFE }, true, name: "s3://b/x.zip"));
        Assert.Contains("does not look like text", error.Message, StringComparison.Ordinal);
        Assert.Contains("s3://b/x.zip", error.Message, StringComparison.Ordinal);
    }

    private static CsvDialect Sniff(string text) => CsvSniffer.Sniff(Encoding.UTF8.GetBytes(text), true);
}
