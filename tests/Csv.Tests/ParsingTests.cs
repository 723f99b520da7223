using System.Text;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Schemas;

namespace Etl.Csv.Tests;

public sealed class ParsingTests
{
    private const string AllTypes =
        "i,f,n,b,o,d,dt,ts,t,s\n" +
        "-42,1.5e3,12.345,1.00000000000000000001,true,2024-02-29,2024-02-29T23:59:59.5,2024-02-29 09:00:00+09:00,23:59:59.123456,héllo\n" +
        "9223372036854775807,-0.1,-0.000000001,-12345678901234567890123456789012345678.5,FALSE,1969-12-31,1900-01-01 00:00,9999-12-31T23:59:59Z,00:00,\"a\"\"b\"\n";

    [Fact]
    public async Task EveryTypeIsInferredAndParsedExactly()
    {
        var parsed = await Csv.ParseAsync(AllTypes);
        Assert.Equal(
            [ColumnType.Int64, ColumnType.Float64, ColumnType.Numeric, ColumnType.BigNumeric, ColumnType.Bool, ColumnType.Date, ColumnType.DateTime, ColumnType.Timestamp, ColumnType.Time, ColumnType.String],
            parsed.Schema.Columns.Select(c => c.Type));
        Assert.Equal(["-42", "1500", "12.345", "1.00000000000000000001", "true", "2024-02-29", "2024-02-29T23:59:59.500000", "2024-02-29T00:00:00.000000", "23:59:59.123456", "héllo"], parsed.Rows[0]);
        Assert.Equal(["9223372036854775807", "-0.1", "-0.000000001", "-12345678901234567890123456789012345678.5", "false", "1969-12-31", "1900-01-01T00:00:00.000000", "9999-12-31T23:59:59.000000", "00:00:00.000000", "a\"b"], parsed.Rows[1]);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public async Task LinesEndAnyWayAndBlankOnesAreNoRows(string end)
    {
        var parsed = await Csv.ParseAsync($"a,b{end}1,x{end}{end}2,y{end}{end}");
        Assert.Equal([["1", "x"], ["2", "y"]], parsed.Rows);
        Assert.Equal(2, parsed.Tally.RowsRead);
    }

    [Fact]
    public async Task AnEmptyQuotedFieldIsEmptyTextAndAnEmptyFieldIsNull()
    {
        var parsed = await Csv.ParseAsync("s,n\n\"\",\"\"\n,2\nx,1\n");
        Assert.Equal([["", null], [null, "2"], ["x", "1"]], parsed.Rows);
    }

    [Fact]
    public async Task StatedNullTextsAreNull()
    {
        var parsed = await Csv.ParseAsync("a,b\nNULL,1\nx,N/A\n", options: new CsvOptions { Null = ["NULL", "N/A"] });
        Assert.Equal([ColumnType.String, ColumnType.Int64], parsed.Schema.Columns.Select(c => c.Type));
        Assert.Equal([[null, "1"], ["x", null]], parsed.Rows);
    }

    [Fact]
    public async Task MissingAndExtraEmptyFieldsAreRepairedAndCounted()
    {
        var parsed = await Csv.ParseAsync("a,b\n1\n2,x,,\n3,y\n", Csv.Schema(("a", ColumnType.Int64), ("b", ColumnType.String)));
        Assert.Equal([["1", null], ["2", "x"], ["3", "y"]], parsed.Rows);
        Assert.Equal([("extra-empty-fields", 1L), ("missing-fields", 1L)], parsed.Tally.Repairs.Select(r => (r.Key, r.Value)));
    }

    [Fact]
    public async Task EachRejectSaysWhereAndWhy()
    {
        var schema = new TableSchema([new("id", ColumnType.Int64, Nullable: false), new("n", ColumnType.Int64), new("s", ColumnType.String)]);
        var lines = new[]
        {
            "id,n,s\n",          // line 1
            "1,x,a\n",           // 2: type
            "2,5,\"two\nlines\"\n", // 3 and 4
            ",5,b\n",            // 5: required
            "3,5,c,d\n",         // 6: too many
            "4,5,\"q\"r\n",      // 7: text after a quote
            "5,6,é\n",           // 8
            "6,7,\"open\n",      // 9: unterminated
        };
        var parsed = await Csv.ParseAsync(string.Concat(lines), schema, new CsvOptions { Repairs = new() { UnmatchedQuote = RepairAction.Reject } });
        Assert.Equal([["2", "5", "two\nlines"], ["5", "6", "é"]], parsed.Rows);
        long OffsetOf(int line) => Encoding.UTF8.GetByteCount(string.Concat(lines[..line]));
        Assert.Equal(
            [
                (2L, OffsetOf(1), "n", "x", "type"),
                (5L, OffsetOf(3), "id", "", "required"),
                (6L, OffsetOf(4), null, "", "too-many-fields"),
                (7L, OffsetOf(5), null, "", "unmatched-quote"),
                (9L, OffsetOf(7), null, "", "unmatched-quote"),
            ],
            parsed.Rejects.Select(r => (r.Line, r.ByteOffset, r.Column, r.Value, r.Kind)));
        Assert.Equal("expected INT64 (whole number), found text", parsed.Rejects[0].Reason);
        Assert.Equal("1,x,a", parsed.Rejects[0].Row);
    }

    [Fact]
    public async Task ABrokenUtf8RowIsRejectedAndItsNeighboursAreKept()
    {
        byte[] bytes = [.. "a,b\n1,"u8, .. "日本"u8, .. "\n2,"u8, 0xE3, 0x81, .. "\n3,"u8, .. "語語語語語語語語語語語語語語語語語語語語"u8, .. "\n"u8];
        var parsed = await Csv.ParseAsync(bytes, Csv.Schema(("a", ColumnType.Int64), ("b", ColumnType.String)), new CsvOptions { Encoding = "utf-8" });
        Assert.Equal(["1", "3"], parsed.Rows.Select(r => r[0]));
        var reject = Assert.Single(parsed.Rejects);
        Assert.Equal(("encoding", 3L, 13L), (reject.Kind, reject.Line, reject.ByteOffset));
    }

    [Fact]
    public async Task AStrayQuoteIsTextAndCounted()
    {
        var parsed = await Csv.ParseAsync("a,b\n5\" pipe,1\n", Csv.Schema(("a", ColumnType.String), ("b", ColumnType.Int64)));
        Assert.Equal([["5\" pipe", "1"]], parsed.Rows);
        Assert.Equal(1, parsed.Tally.Repairs["stray-quote"]);
    }

    [Fact]
    public async Task ColumnsAreFoundByNameWhateverTheirOrder()
    {
        var schema = Csv.Schema(("a", ColumnType.Int64), ("b", ColumnType.String), ("c", ColumnType.Date));
        var parsed = await Csv.ParseAsync("B,A\nx,1\n", schema);
        Assert.Equal([["1", "x", null]], parsed.Rows);
    }

    [Fact]
    public async Task AnUnknownColumnIsNamedWithItsObject()
    {
        var error = await Assert.ThrowsAsync<DataException>(() => Csv.ParseAsync("a,zzz\n1,2\n", Csv.Schema(("a", ColumnType.Int64)), new CsvOptions { Contract = Core.Contracts.SchemaContract.Freeze }));
        Assert.Contains("zzz", error.Message, StringComparison.Ordinal);
        Assert.Contains(Csv.Uri, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AMissingRequiredColumnIsNamed()
    {
        var schema = new TableSchema([new("a", ColumnType.Int64), new("b", ColumnType.Int64, Nullable: false)]);
        var error = await Assert.ThrowsAsync<DataException>(() => Csv.ParseAsync("a\n1\n", schema));
        Assert.Contains("column b", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AStreamOfSingleBytesGivesTheSameRows()
    {
        var whole = await Csv.ParseAsync(AllTypes);
        var single = await Csv.ParseAsync(Encoding.UTF8.GetBytes(AllTypes), open: b => new TrickleStream(b));
        Assert.Equal(whole.Rows, single.Rows);
    }

    [Fact]
    public async Task BatchesHaveAFixedNumberOfRowsWhateverTheReads()
    {
        var text = new StringBuilder("a,b\n");
        for (var i = 0; i < 70_000; i++)
            text.Append(i).Append(",x").Append(i).Append('\n');
        var parsed = await Csv.ParseAsync(text.ToString());
        Assert.Equal([32_768, 32_768, 4_464], parsed.BatchSizes);
        Assert.Equal(Enumerable.Range(0, 70_000).Select(i => $"{i} x{i}"), parsed.Rows.Select(r => $"{r[0]} {r[1]}"));
    }

    [Fact]
    public async Task ARecordOfMoreThan16MiBIsAClearError()
    {
        var bytes = Encoding.UTF8.GetBytes("a,b\n1,\"" + new string('x', 40_000_000));
        var error = await Assert.ThrowsAsync<DataException>(() => Csv.ParseAsync(bytes, Csv.Schema(("a", ColumnType.Int64), ("b", ColumnType.String))));
        Assert.Contains("16 MiB", error.Message, StringComparison.Ordinal);
        Assert.Contains("quote", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CancellingStopsBetweenReads()
    {
        using var cancel = new CancellationTokenSource();
        var bytes = Encoding.UTF8.GetBytes("a\n" + string.Concat(Enumerable.Range(0, 400_000).Select(i => i + "\n")));
        using var stream = new MemoryStream(bytes);
        var input = new SplitInput(Csv.Object(), null, stream, new ParseTally());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var batch in new CsvParser(new CsvOptions()).ParseAsync(input, Csv.Schema(("a", ColumnType.Int64)), new CollectedRejects(), cancel.Token))
            {
                batch.Dispose();
                await cancel.CancelAsync();
            }
        });
        Assert.True(stream.Position < bytes.Length);
    }

    [Fact]
    public async Task RowsBeforeAndAfterARejectAreWhole()
    {
        var text = new StringBuilder("a,s,b\n");
        for (var i = 0; i < 5_000; i++)
            text.Append(i % 3 == 0 ? "," : i + ",").Append("s" + i).Append(i % 7 == 0 ? ",bad\n" : $",{i}\n");
        var parsed = await Csv.ParseAsync(text.ToString(), Csv.Schema(("a", ColumnType.Int64), ("s", ColumnType.String), ("b", ColumnType.Int64)));
        Assert.Equal(
            Enumerable.Range(0, 5_000).Where(i => i % 7 != 0).Select(i => $"{(i % 3 == 0 ? null : i)}|s{i}|{i}"),
            parsed.Rows.Select(r => string.Join('|', r)));
    }

    [Fact]
    public async Task ABackslashEscapesQuotesWhenStated()
    {
        var text = "a,b\n\"x \\\"y\\\" \\\\ z\",1\n\"plain\",2\n\"bad\",x\n";
        var options = new CsvOptions { Escape = "\\", Quote = "\"" };
        foreach (var open in new Func<byte[], Stream>[] { b => new MemoryStream(b), b => new TrickleStream(b) })
        {
            var parsed = await Csv.ParseAsync(Encoding.UTF8.GetBytes(text), Csv.Schema(("a", ColumnType.String), ("b", ColumnType.Int64)), options, open);
            Assert.Equal([["x \"y\" \\ z", "1"], ["plain", "2"]], parsed.Rows);
            Assert.Equal((4L, (long)text.IndexOf("\"bad\"", StringComparison.Ordinal)), (parsed.Rejects[0].Line, parsed.Rejects[0].ByteOffset));
        }
    }

    [Fact]
    public async Task ADelimiterMayHaveSeveralCharacters()
    {
        var text = "a||b\n1||\"x||y\"\n2||z\nbad||w\n";
        var parsed = await Csv.ParseAsync(Encoding.UTF8.GetBytes(text), Csv.Schema(("a", ColumnType.Int64), ("b", ColumnType.String)), new CsvOptions { Delimiter = "||" });
        Assert.Equal([["1", "x||y"], ["2", "z"]], parsed.Rows);
        Assert.Equal((4L, (long)text.IndexOf("bad", StringComparison.Ordinal)), (parsed.Rejects[0].Line, parsed.Rejects[0].ByteOffset));
    }

    [Fact]
    public async Task OffsetsCountTheByteOrderMark()
    {
        byte[] bytes = [0xEF, 0xBB, 0xBF, .. "a,b\n1,x\nbad,y\n"u8];
        var parsed = await Csv.ParseAsync(bytes, Csv.Schema(("a", ColumnType.Int64), ("b", ColumnType.String)));
        Assert.Equal((3L, 11L), (Assert.Single(parsed.Rejects).Line, parsed.Rejects[0].ByteOffset));
    }

    [Fact]
    public async Task AHeaderThatNamesTheSchemasColumnsIsOneWhateverTheRowsLookLike()
    {
        var schema = Csv.Schema(("name", ColumnType.String), ("city", ColumnType.String));
        Assert.Equal([["name", "rome"]], (await Csv.ParseAsync("name,city\nname,rome\n", schema)).Rows);
    }

    [Fact]
    public async Task AHeaderWithAFieldTooFewIsNoPreamble()
    {
        var parsed = await Csv.ParseAsync("a,b,c\n1,2,3,\n4,5,6,\n");
        Assert.Equal([["1", "2", "3"], ["4", "5", "6"]], parsed.Rows);
        Assert.Equal(2, parsed.Tally.Repairs["extra-empty-fields"]);
    }

    [Theory]
    [InlineData("shift_jis")]
    [InlineData("euc-jp")]
    [InlineData("utf-16")]
    public async Task TranscodedTextReadInSingleBytesIsTheSame(string name)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var text = "番号,氏名\n" + string.Concat(Enumerable.Range(1, 200).Select(i => $"{i},山田太郎のソフト{i}\n"));
        var bytes = Encoding.GetEncoding(name).GetBytes(text);
        var whole = await Csv.ParseAsync(bytes);
        Assert.Equal(200, whole.Rows.Count);
        Assert.Equal("山田太郎のソフト7", whole.Rows[6][1]);
        Assert.Equal(whole.Rows, (await Csv.ParseAsync(bytes, open: b => new TrickleStream(b))).Rows);
    }

    [Fact]
    public async Task OffsetsOfTranscodedTextAreThoseOfItsUtf8()
    {
        const string Text = "番号,氏名\n1,山田\nx,佐藤\n";
        var parsed = await Csv.ParseAsync(Encoding.Unicode.GetBytes(Text), Csv.Schema(("番号", ColumnType.Int64), ("氏名", ColumnType.String)));
        Assert.Equal((3L, (long)Encoding.UTF8.GetByteCount(Text[..Text.IndexOf('x', StringComparison.Ordinal)])), (Assert.Single(parsed.Rejects).Line, parsed.Rejects[0].ByteOffset));
    }

    [Fact]
    public async Task ABatchEndsAtItsBytesToo()
    {
        var row = new string('x', 1_000_000) + ",1\n";
        var parsed = await Csv.ParseAsync("s,n\n" + string.Concat(Enumerable.Repeat(row, 40)), Csv.Schema(("s", ColumnType.String), ("n", ColumnType.Int64)));
        Assert.Equal(40, parsed.Rows.Count);
        Assert.All(parsed.BatchSizes, rows => Assert.InRange(rows, 1, Etl.Csv.Reading.BatchAssembler.BatchBytes / 1_000_000 + 1));
    }

    [Fact]
    public async Task TheDelimitersStandInInTheDataIsAClearError()
    {
        var error = await Assert.ThrowsAsync<DataException>(() => Csv.ParseAsync("a||b\n1\x1F||z\n", Csv.Schema(("a", ColumnType.String), ("b", ColumnType.String)), new CsvOptions { Delimiter = "||" }));
        Assert.Contains("U+001F", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithoutQuotesABackslashMayEscapeTheDelimiter()
    {
        var parsed = await Csv.ParseAsync("a,b\nx\\,y,\"1\n", Csv.Schema(("a", ColumnType.String), ("b", ColumnType.String)), new CsvOptions { Quote = "none", Escape = "\\", Delimiter = "," });
        Assert.Equal([["x,y", "\"1"]], parsed.Rows);
    }

    [Fact]
    public async Task ARejectedRowIsNotCountedAsRepaired()
    {
        var parsed = await Csv.ParseAsync("a,b,c\nx,1\n", Csv.Schema(("a", ColumnType.Int64), ("b", ColumnType.Int64), ("c", ColumnType.Int64)), new CsvOptions { Header = true });
        Assert.Single(parsed.Rejects);
        Assert.Empty(parsed.Tally.Repairs);
    }
}
