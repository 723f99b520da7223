using System.Text;
using Etl.Core.Errors;
using Etl.Core.Schemas;

namespace Etl.FixedWidth.Tests;

/// <summary>How records and fields are cut.</summary>
public sealed class CuttingTests
{
    private static readonly FixedWidthOptions Order = new() { Columns = [Fixed.Column("id", 5, ColumnType.Int64), Fixed.Column("name", 6, ColumnType.String), new FixedColumnOptions { Name = "day", Width = 8, Type = ColumnType.Date, Format = "yyyyMMdd" }] };

    [Fact]
    public async Task FieldsStandAtTheirPlacesWithoutTheirBlanks()
    {
        var parsed = await Fixed.ParseAsync("    1ann   20240131\n00002 bob  20240229\r\n    3      \n\n    4東京都   20240301", Order);
        Assert.Equal(["1|ann|2024-01-31", "2|bob|2024-02-29", "3|NULL|NULL", "4|東京都|2024-03-01"], parsed.Rows);
        Assert.Empty(parsed.Rejects);
    }

    [Fact]
    public async Task ColumnsMayBePassedOverAndStandOnEachOther()
    {
        var options = new FixedWidthOptions { Columns = [Fixed.Column("month", 2, ColumnType.Int64, start: 9), Fixed.Column("day", 2, ColumnType.Int64), Fixed.Column("all", 8, ColumnType.Int64, start: 5)] };
        Assert.Equal(["1|31|20240131"], (await Fixed.ParseAsync("xxxx20240131yyyy\n", options)).Rows);
    }

    [Fact]
    public async Task WidthsCountCharactersOrBytes()
    {
        FixedColumnOptions[] columns = [Fixed.Column("name", 6, ColumnType.String), Fixed.Column("n", 3, ColumnType.Int64)];
        Assert.Equal(["銀行ab|7", "éé|8"], (await Fixed.ParseAsync("銀行ab    7\néé      8\n", new FixedWidthOptions { Columns = [Fixed.Column("name", 6, ColumnType.String), Fixed.Column("n", 5, ColumnType.Int64)] })).Rows);
        Assert.Equal(["銀行ab|7"], (await Fixed.ParseAsync(Fixed.Cp932("銀行ab  7\n"), new FixedWidthOptions { Columns = columns, Unit = WidthUnit.Bytes, Encoding = "cp932" })).Rows);
        Assert.Equal(["銀行|7"], (await Fixed.ParseAsync(Encoding.UTF8.GetBytes("銀行  7\n"), new FixedWidthOptions { Columns = columns, Unit = WidthUnit.Bytes })).Rows);
        Assert.Equal(["銀行abcd|7"], (await Fixed.ParseAsync(Fixed.Cp932("銀行abcd  7\n"), new FixedWidthOptions { Columns = columns, Encoding = "shift_jis" })).Rows);
        Assert.Equal(["銀行abcd|7"], (await Fixed.ParseAsync([.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("銀行abcd  7\r\n")], new FixedWidthOptions { Columns = columns })).Rows);
    }

    [Theory]
    [InlineData(ColumnType.Int64, "0000012|-00012|00000000|     007", "12|-12|0|7")]
    [InlineData(ColumnType.Numeric, "0000.50|-0001.5|00.00000|   00100", "0.5|-1.5|0|100")]
    [InlineData(ColumnType.String, "0000012|-00012|00000000|     007", "0000012|-00012|00000000|007")]
    public async Task ZerosThatFillADeclaredNumberAreNoPartOfIt(ColumnType type, string texts, string values)
    {
        var options = new FixedWidthOptions { Columns = [Fixed.Column("v", 8, type)] };
        Assert.Equal(values.Split('|'), (await Fixed.ParseAsync(texts.Replace('|', '\n'), options)).Rows);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\r\n")]
    [InlineData("\n")]
    public async Task AZenginTransferIsRead(string lineEnd)
    {
        string[] records =
        [
            "12100000000000ｶ)ﾃｽﾄ".PadRight(120), ("20001" + "ﾐｽﾞﾎ".PadRight(15) + "001" + "ﾄｳｷﾖｳ".PadRight(15) + "    11234567" + "ﾔﾏﾀﾞ ﾀﾛｳ".PadRight(30) + "0000012345").PadRight(120),
            "", "8000001000000012345".PadRight(120), "9".PadRight(120),
        ];
        records[2] = records[1].Replace("0000012345", "00000x2345", StringComparison.Ordinal);
        var options = new FixedWidthOptions
        {
            Unit = WidthUnit.Bytes,
            Encoding = "cp932",
            RecordLength = 120,
            SkipPrefixes = ["1", "8", "9"],
            Columns = [Fixed.Column("bank", 4, ColumnType.String, start: 2), Fixed.Column("bank_name", 15, ColumnType.String), new FixedColumnOptions { Name = "account", Width = 7, Start = records[1].IndexOf("1234567", StringComparison.Ordinal) + 1, Type = ColumnType.String }, Fixed.Column("amount", 10, ColumnType.Int64, start: records[1].IndexOf("0000012345", StringComparison.Ordinal) + 1)],
        };

        var parsed = await Fixed.ParseAsync(Fixed.Cp932(string.Concat(records.Select(r => r + lineEnd)) + "\u001a"), options);

        Assert.Equal(["0001|ﾐｽﾞﾎ|1234567|12345"], parsed.Rows);
        var reject = Assert.Single(parsed.Rejects);
        Assert.Equal(("amount", 3, 2 * (120 + lineEnd.Length), "type"), (reject.Column, (int)reject.Line, (int)reject.ByteOffset, reject.Kind));
        Assert.Equal(records[2], reject.Row);
    }

    [Fact]
    public async Task ARecordOfAnotherLengthIsRejected()
    {
        var options = Order with { RecordLength = 19 };
        var lines = await Fixed.ParseAsync("    1ann   20240131\n    2b 20240131\n    3東京    20240131\n", options);
        Assert.Equal(["1|ann|2024-01-31", "3|東京|2024-01-31"], lines.Rows);
        Assert.Equal(("record-length", "expected a record of 19 characters, found one of 15", 2), (lines.Rejects[0].Kind, lines.Rejects[0].Reason, (int)lines.Rejects[0].Line));

        var blocks = await Fixed.ParseAsync("    1ann   20240131    2bob   20240131    3", options);
        Assert.Equal(["1|ann|2024-01-31", "2|bob|2024-01-31"], blocks.Rows);
        Assert.Equal(("record-length", 3, 38), (blocks.Rejects[0].Kind, (int)blocks.Rejects[0].Line, (int)blocks.Rejects[0].ByteOffset));
    }

    [Fact]
    public async Task CharactersAreCountedWhereverABlockEnds()
    {
        var options = new FixedWidthOptions { RecordLength = 3, Columns = [Fixed.Column("v", 3, ColumnType.String)] };
        var records = Enumerable.Range(0, 200_000).Select(i => i % 3 == 0 ? "日本語" : i % 3 == 1 ? "a語é" : "abc").ToList();
        Assert.Equal(records, (await Fixed.ParseAsync(string.Concat(records), options)).Rows);
    }

    [Fact]
    public async Task AMainframesRecordsAreRead()
    {
        var options = new FixedWidthOptions { Unit = WidthUnit.Bytes, Encoding = "IBM037", RecordLength = 8, Columns = [Fixed.Column("id", 3, ColumnType.Int64), Fixed.Column("name", 5, ColumnType.String)] };
        Assert.Equal(["1|ann", "22|bob"], (await Fixed.ParseAsync(Fixed.Ebcdic("  1ann   22bob  "), options)).Rows);
        Assert.Contains("record_length", (await Assert.ThrowsAsync<DataException>(() => Fixed.ParseAsync(Fixed.Ebcdic("  1ann  "), options with { RecordLength = null }))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BytesThatAreNoTextRejectTheirRow()
    {
        var options = new FixedWidthOptions { Unit = WidthUnit.Bytes, Encoding = "cp932", Columns = [Fixed.Column("a", 3, ColumnType.String), Fixed.Column("b", 3, ColumnType.String)] };
        Assert.Equal(["ab|銀c", "a銀|銀c", "銀a|東d"], (await Fixed.ParseAsync(Fixed.Cp932("ab 銀c\na銀銀c\n銀a東d\n"), options)).Rows);
        var cut = await Fixed.ParseAsync(Fixed.Cp932("ab銀c\n"), options);
        Assert.Equal("encoding", Assert.Single(cut.Rejects).Kind);
    }

    [Fact]
    public async Task LinesThatAreNoRowsArePassedOver()
    {
        var options = new FixedWidthOptions { Columns = [Fixed.Column("v", 4, ColumnType.Int64)], SkipLines = 1, Header = true, SkipLastLines = 2, SkipPrefixes = ["#"] };
        foreach (var end in (string[])["", "\n"])
            Assert.Equal(["1", "2"], (await Fixed.ParseAsync("title\nvvvv\n   1\n# note\n   2\ntotal\nend" + end, options)).Rows);
        Assert.Empty((await Fixed.ParseAsync("title\nvvvv\ntotal\nend\n", options)).Rows);
    }

    [Fact]
    public async Task LastLinesArePassedOverInObjectsOfManyBlocks()
    {
        var options = new FixedWidthOptions { Columns = [Fixed.Column("v", 8, ColumnType.Int64)], SkipLastLines = 3 };
        foreach (var lines in (int[])[29_127, 60_000, 60_001])
            Assert.Equal(lines - 3, (await Fixed.ParseAsync(string.Concat(Enumerable.Range(0, lines).Select(i => $"{i,8}\n")), options)).Rows.Count);
    }

    [Theory]
    [InlineData(Trimming.Both, "a b|x")]
    [InlineData(Trimming.End, "  a b|　 x")]
    [InlineData(Trimming.None, "  a b |　 x　 ")]
    public async Task BlanksAreTakenOffAsSaid(Trimming trim, string row) =>
        Assert.Equal([row], (await Fixed.ParseAsync("  a b 　 x　 \n", new FixedWidthOptions { Trim = trim, Columns = [Fixed.Column("a", 6, ColumnType.String), Fixed.Column("b", 5, ColumnType.String)] })).Rows);

    [Fact]
    public async Task NullsAndFormatsAreThoseOfDeclaredColumns()
    {
        var options = new FixedWidthOptions { Null = ["N/A"], Columns = [new FixedColumnOptions { Name = "amount", Width = 8, Type = ColumnType.Numeric, Decimal = ",", Grouping = "." }, new FixedColumnOptions { Name = "ok", Width = 3, Type = ColumnType.Bool, True = ["y"], False = ["n"], Null = ["?"] }] };
        Assert.Equal(["1234.5|true", "NULL|NULL"], (await Fixed.ParseAsync(" 1.234,5  y\nN/A       ?\n", options)).Rows);
    }
}
