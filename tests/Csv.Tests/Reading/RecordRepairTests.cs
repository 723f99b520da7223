using System.Globalization;
using System.Text;
using Etl.Core.Errors;

namespace Etl.Csv.Tests.Reading;

/// <summary>Rows that are not plainly right: what has one obvious reading is repaired and counted, the rest is rejected.</summary>
public sealed class RecordRepairTests
{
    private const string Good = "id,day,code,name,note\n1,2024-01-31,AB-1001,Ann,\"first, and\"\n2,2024-02-29,CD-2002,Bob,second\n3,2024-03-31,EF-3003,Cid,third\n4,2024-04-30,GH-4004,Dan,fourth\n5,2024-05-31,IJ-5005,Eve,fifth\n6,2024-06-30,KL-6006,Fay,sixth\n";

    static RecordRepairTests() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    [Theory]
    [InlineData("7,2024-07-31,MN-7007,Gus", "missing-fields", "7|2024-07-31|MN-7007|Gus|")]
    [InlineData("7,2024-07-31,MN-7007,Gus,note,,", "extra-empty-fields", "7|2024-07-31|MN-7007|Gus|note")]
    [InlineData("7,,2024-07-31,MN-7007,Gus,note", "extra-empty-fields", "7|2024-07-31|MN-7007|Gus|note")]
    [InlineData("7,2024-07-31,MN-7007,Gus \"the\" G,note", "stray-quote", "7|2024-07-31|MN-7007|Gus \"the\" G|note")]
    [InlineData("7,2024-07-31,MN-7007,\"Gus,note", "unmatched-quote", "7|2024-07-31|MN-7007|\"Gus|note")]
    [InlineData("7,2024-07-31,MN-7007,Gus,\"5\" pipe, long\"", "unmatched-quote", "7|2024-07-31|MN-7007|Gus|5\" pipe, long")]
    [InlineData("7,2024-07-31,MN-7007,Gus,\"", "unmatched-quote", "7|2024-07-31|MN-7007|Gus|\"")]
    [InlineData("7,2024-07-31MN-7007,Gus,note", "missing-delimiter", "7|2024-07-31|MN-7007|Gus|note")]
    [InlineData("7,2024-07-31,MN-7007,Gus\"a note\"", "missing-delimiter", "7|2024-07-31|MN-7007|Gus|a note")]
    [InlineData("7;2024-07-31;MN-7007;Gus;note", "other-delimiter", "7|2024-07-31|MN-7007|Gus|note")]
    [InlineData("7 2024-07-31 MN-7007 Gus note", "other-delimiter", "7|2024-07-31|MN-7007|Gus|note")]
    [InlineData("7,2024-07-31,MN-7007,Gus,one, two", "unquoted-delimiter", "7|2024-07-31|MN-7007|Gus|one, two")]
    public async Task ARowWithOneObviousReadingIsRepairedAndCounted(string row, string kind, string expected)
    {
        var parsed = await Csv.ParseAsync($"{Good}{row}\n8,2024-08-31,OP-8008,Hal,last\n", options: new CsvOptions { Schema = CsvSchemaMode.Strings });
        Assert.Empty(parsed.Rejects);
        Assert.Equal(8, parsed.Rows.Count);
        Assert.Equal(expected, string.Join('|', parsed.Rows[6]));
        Assert.Equal("8|2024-08-31|OP-8008|Hal|last", string.Join('|', parsed.Rows[7]));
        Assert.Equal([(kind, 1L)], parsed.Tally.Repairs.Select(r => (r.Key, r.Value)));
    }

    // As above, with prices, and texts that hold delimiters and quotes.
    [Theory]
    [InlineData("24/07/2018,$6.45Tropic Cap,\"Light, with a brim.\",https://shop.example/7,", "24/07/2018|$6.45|Tropic Cap|Light, with a brim.|https://shop.example/7|")]
    [InlineData("24/07/2018,$80.03Women's 3-in-1 Jacket,\"Warm.\",https://shop.example/7,", "24/07/2018|$80.03|Women's 3-in-1 Jacket|Warm.|https://shop.example/7|")]
    [InlineData("24/07/2018,$33.83\"Oxford Shirt, Plaid\",\"Soft, \"\"washed\"\".\",https://shop.example/7,", "24/07/2018|$33.83|Oxford Shirt, Plaid|Soft, \"washed\".|https://shop.example/7|")]
    [InlineData("24/07/2018,$33.83\"Table, 48\"\"\",\"Round.\",https://shop.example/7,", "24/07/2018|$33.83|Table, 48\"|Round.|https://shop.example/7|")]
    [InlineData("24/07/2018,$6.45,Tropic Cap\"Light, with a brim.\",https://shop.example/7,", "24/07/2018|$6.45|Tropic Cap|Light, with a brim.|https://shop.example/7|")]
    [InlineData("24/07/2018,$6.45,\"Boxer, 5\"\" Inseam\"\"Dry, and quick.\",https://shop.example/7,", "24/07/2018|$6.45|Boxer, 5\" Inseam|Dry, and quick.|https://shop.example/7|")]
    [InlineData("24/07/2018,$6.45,\"Table, 48\"\"\"\"Round, and flat.\",https://shop.example/7,", "24/07/2018|$6.45|Table, 48\"|Round, and flat.|https://shop.example/7|")]
    [InlineData("24/07/2018,$6.45,\"Boots, 10\"\" high\",\"Soft, inside.\"https://shop.example/7,", "24/07/2018|$6.45|Boots, 10\" high|Soft, inside.|https://shop.example/7|")]
    [InlineData("24/07/2018,$6.45,\"Boots, 10\"\" high\",\"Soft, inside.\"\"https://shop.example/7\",", "24/07/2018|$6.45|Boots, 10\" high|Soft, inside.|https://shop.example/7|")]
    [InlineData("24/07/2018,$6.45,Lamp 5\",Table 10\",https://shop.example/7,", "24/07/2018|$6.45|Lamp 5\"|Table 10\"|https://shop.example/7|", "stray-quote")]
    [InlineData("24/07/2018,$6.45,\"Table, 48\"\" wide\",\"Round.\",https://shop.example/7", "24/07/2018|$6.45|Table, 48\" wide|Round.|https://shop.example/7|", "missing-fields")]
    public async Task ADelimiterThatIsMissingIsFoundBesideTextWithDelimitersAndQuotes(string row, string expected, string kind = "missing-delimiter")
    {
        var text = new StringBuilder("day,price,kind,about,url,comment\n");
        for (var i = 0; i < 12; i++)
            text.Append(CultureInfo.InvariantCulture, $"{i + 10}/07/2018,${i + 5}.{i + 11},\"Lamp, {i}\"\" high\",\"Bright, and{(i % 2 == 0 ? " \"\"warm\"\"" : "")} small.\",{(i % 2 == 0 ? $"\"https://shop.example/{i}\"" : $"https://shop.example/{i}")},\n");
        var parsed = await Csv.ParseAsync($"{text}{row}\n", options: new CsvOptions { Schema = CsvSchemaMode.Strings });
        Assert.Empty(parsed.Rejects);
        Assert.Equal(expected, string.Join('|', parsed.Rows[^1]));
        Assert.Equal([(kind, 1L)], parsed.Tally.Repairs.Select(r => (r.Key, r.Value)));
    }

    [Theory]
    [InlineData("7,2024-07-31,MN-7007,Gus,a,b,c", "too-many-fields")]
    [InlineData("x,y,z,\"u\",v,w,\"t", "malformed")]
    public async Task ARowWithNoObviousReadingIsRejected(string row, string kind)
    {
        var parsed = await Csv.ParseAsync($"{Good}{row}\n8,2024-08-31,OP-8008,Hal,last\n", options: new CsvOptions { Schema = CsvSchemaMode.Strings });
        var reject = Assert.Single(parsed.Rejects);
        Assert.Equal((kind, 8L, row), (reject.Kind, reject.Line, reject.Row));
        Assert.Equal("8|2024-08-31|OP-8008|Hal|last", string.Join('|', parsed.Rows[^1]));
    }

    // Joining all of them would leave the last column empty: no reading of a row that has more delimiters than it needs.
    [Theory]
    [InlineData("3,a,true,b,c,d")]
    [InlineData("3,a,b,c")]
    public async Task ARowWithFieldsTooManyIsNotRepairedIntoOneThatLacksSome(string row)
    {
        var parsed = await Csv.ParseAsync($"id,name,ok\n1,tea,true\n2,,false\n{row}\n", options: new CsvOptions { Schema = CsvSchemaMode.Strings });
        Assert.Equal(("too-many-fields", 4L), (Assert.Single(parsed.Rejects).Kind, parsed.Rejects[0].Line));
        Assert.Equal(2, parsed.Rows.Count);
    }

    [Fact]
    public async Task EachKindOfRepairCanBeRejectedInstead()
    {
        var options = new CsvOptions { Schema = CsvSchemaMode.Strings, Repairs = new RepairOptions { MissingFields = RepairAction.Reject, OtherDelimiter = RepairAction.Reject } };
        var parsed = await Csv.ParseAsync($"{Good}7,2024-07-31\n8;2024-08-31;OP-8008;Hal;note\n9,2024-09-30,QR-9009,Ina,last,\n", options: options);
        Assert.Equal(["missing-fields", "other-delimiter"], parsed.Rejects.Select(r => r.Kind));
        Assert.Equal(["extra-empty-fields"], parsed.Tally.Repairs.Keys);
    }

    [Fact]
    public async Task EachKindOfRepairCanBeAnErrorThatSaysWhereAndWhatToDo()
    {
        var options = new CsvOptions { Schema = CsvSchemaMode.Strings, Repairs = new RepairOptions { StrayQuote = RepairAction.Error } };
        var error = await Assert.ThrowsAsync<DataException>(() => Csv.ParseAsync(Good + "7,2024-07-31,MN-7007,Gus \"G\" G,note\n", options: options));
        Assert.Contains("line 8", error.Message, StringComparison.Ordinal);
        Assert.Contains("stray_quote", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Gus", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AQuoteThatNothingClosesCostsNoOtherRow()
    {
        var text = new StringBuilder("id,name,qty\n1,\"open,5\n");
        for (var i = 2; i < 60_000; i++)
            text.Append(i).Append(",x,").Append(i).Append('\n');
        var parsed = await Csv.ParseAsync(text.ToString(), options: new CsvOptions { Schema = CsvSchemaMode.Strings, Quote = "\"" });
        Assert.Equal(Enumerable.Range(1, 59_999).Select(i => $"{i}"), parsed.Rows.Select(r => r[0]));
        Assert.Equal("\"open", parsed.Rows[0][1]);
    }

    [Fact]
    public async Task AQuoteThatNothingClosesWithinTheLargestRecordCostsNoOtherRow()
    {
        var row = new string('x', 1_000) + ",1\n";
        var parsed = await Csv.ParseAsync("s,n\n\"open,2\n" + string.Concat(Enumerable.Repeat(row, 20_000)), Csv.Schema(("s", Core.Schemas.ColumnType.String), ("n", Core.Schemas.ColumnType.Int64)), new CsvOptions { Quote = "\"", Delimiter = "," });
        Assert.Equal(20_001, parsed.Rows.Count);
        Assert.Empty(parsed.Rejects);
    }

    [Fact]
    public async Task TheHeaderBetweenRowsIsLeftOutAndCounted()
    {
        var parsed = await Csv.ParseAsync(Good + "id,day,code,\"name\",note\n7,2024-07-31,MN-7007,Gus,note\n", options: new CsvOptions { Schema = CsvSchemaMode.Strings });
        Assert.Equal(7, parsed.Rows.Count);
        Assert.Equal([("repeated-header", 1L)], parsed.Tally.Repairs.Select(r => (r.Key, r.Value)));
    }

    [Fact]
    public async Task TheRowsOfAnotherTableAreRejected()
    {
        var parsed = await Csv.ParseAsync(Good + "\nid,day,code,name\n7,2024-07-31,MN-7007,Gus\n8,2024-08-31,OP-8008,Hal\n", options: new CsvOptions { Schema = CsvSchemaMode.Strings });
        Assert.Equal(6, parsed.Rows.Count);
        Assert.Equal(["another-table", "another-table", "another-table"], parsed.Rejects.Select(r => r.Kind));
    }

    [Fact]
    public async Task ARecordOfDelimitersAndNothingElseIsNoRow()
    {
        var parsed = await Csv.ParseAsync("a,b,c\n1,2,3\n,,\n4,,\n,,,\n,\n\"\",,\n");
        Assert.Equal(["1", "4", null], parsed.Rows.Select(r => r[0]));
        Assert.Equal(3, parsed.Tally.RowsRead);
        Assert.Equal([("empty-row", 3L)], parsed.Tally.Repairs.Select(r => (r.Key, r.Value)));
    }

    [Fact]
    public async Task ARecordOfDelimitersIsRejectedWhereThatIsWanted()
    {
        var parsed = await Csv.ParseAsync("a,b,c\n1,2,3\n,,\n", options: new CsvOptions { Repairs = new() { EmptyRow = RepairAction.Reject } });
        Assert.Equal("empty-row", Assert.Single(parsed.Rejects).Kind);
        Assert.Equal(2, parsed.Tally.RowsRead);
    }

    [Fact]
    public async Task NotesAndTotalsBelowTheTableAreLeftOutAndCounted()
    {
        var parsed = await Csv.ParseAsync(Good + "\nSource: the office of statistics\nTotal,,21\n", options: new CsvOptions { Schema = CsvSchemaMode.Strings });
        Assert.Equal(6, parsed.Rows.Count);
        Assert.Empty(parsed.Rejects);
        Assert.Equal([("footer", 2L)], parsed.Tally.Repairs.Select(r => (r.Key, r.Value)));
    }

    [Theory]
    [InlineData("id,day,\"code,name,note")]
    [InlineData("\"id,day,code,name,note")]
    [InlineData("id,day,code,name,\"note\"x")]
    public async Task AHeaderWhoseQuotesDoNotMatchSwallowsNoRow(string header)
    {
        var parsed = await Csv.ParseAsync(Good.Replace("id,day,code,name,note", header, StringComparison.Ordinal), options: new CsvOptions { Schema = CsvSchemaMode.Strings });
        Assert.Equal(header.Split(','), parsed.Schema.Columns.Select(c => c.SourceName ?? c.Name));
        Assert.Equal(6, parsed.Rows.Count);
    }

    [Fact]
    public async Task AHeaderWithADelimiterOfItsOwnIsSplitAtThat()
    {
        var parsed = await Csv.ParseAsync(Good.Replace("id,day,code,name,note", "id;day;code;name;note", StringComparison.Ordinal), options: new CsvOptions { Schema = CsvSchemaMode.Strings });
        Assert.Equal(["id", "day", "code", "name", "note"], parsed.Schema.Columns.Select(c => c.Name));
        Assert.Equal(6, parsed.Rows.Count);
    }

    [Fact]
    public async Task ACp932RowAmongUtf8OnesIsReadAsCp932AndCounted()
    {
        var utf8 = string.Concat(Enumerable.Range(1, 40).Select(i => $"{i},日本語の表,{i}\n"));
        byte[] bytes = [.. Encoding.UTF8.GetBytes("id,name,qty\n" + utf8), .. Encoding.GetEncoding("shift_jis").GetBytes("41,山田ソフト,5\n"), .. "42,終わり,6\n"u8];
        var parsed = await Csv.ParseAsync(bytes, options: new CsvOptions { Schema = CsvSchemaMode.Strings });
        Assert.Equal(["山田ソフト", "終わり"], parsed.Rows.Skip(40).Select(r => r[1]));
        Assert.Equal([("other-encoding", 1L)], parsed.Tally.Repairs.Select(r => (r.Key, r.Value)));
    }

    [Fact]
    public async Task ACutUtf8CharacterIsNotTakenForAnotherEncoding()
    {
        var utf8 = string.Concat(Enumerable.Range(1, 40).Select(i => $"{i},日本語の表,{i}\n"));
        byte[] bytes = [.. Encoding.UTF8.GetBytes("id,name,qty\n" + utf8), .. "41,"u8, 0xE3, 0x81, .. ",5\n"u8];
        var parsed = await Csv.ParseAsync(bytes, options: new CsvOptions { Schema = CsvSchemaMode.Strings });
        Assert.Equal("encoding", Assert.Single(parsed.Rejects).Kind);
    }

    [Fact]
    public async Task RejectsAfterRepairsKeepTheirLinesAndOffsets()
    {
        var text = "s||t||n\n\"open||x||1\na||b||2\na||b||c||d||3\ne||f||4\nx||y||z||w||5\n";
        var parsed = await Csv.ParseAsync(text, Csv.Schema(("s", Core.Schemas.ColumnType.String), ("t", Core.Schemas.ColumnType.String), ("n", Core.Schemas.ColumnType.Int64)), new CsvOptions { Delimiter = "||", Header = true, Quote = "\"" });
        Assert.Equal(["1", "2", "4"], parsed.Rows.Select(r => r[2]));
        Assert.Equal([(4L, (long)text.IndexOf("a||b||c", StringComparison.Ordinal)), (6L, (long)text.IndexOf("x||y", StringComparison.Ordinal))], parsed.Rejects.Select(r => (r.Line, r.ByteOffset)));
    }

    [Fact]
    public async Task AFieldOfSeveralLinesAfterAnOpenQuoteStaysWhole()
    {
        var text = "s||t||n\n\"open||x||1\na||b||2\n\"e\n||\"||f||4\n";
        var parsed = await Csv.ParseAsync(text, Csv.Schema(("s", Core.Schemas.ColumnType.String), ("t", Core.Schemas.ColumnType.String), ("n", Core.Schemas.ColumnType.Int64)), new CsvOptions { Delimiter = "||", Header = true, Quote = "\"" });
        Assert.Equal(["\"open", "a", "e\n||"], parsed.Rows.Select(r => r[0]));
    }
}
