using System.Text;

namespace Etl.Csv.Tests.Dialects;

/// <summary>Small ugly files, read with no option set.</summary>
public sealed class DialectTests
{
    private static readonly string[][] Table =
    [
        ["id", "day", "time", "amount", "note"],
        ["1", "2024-01-31", "09:30", "12.50", "two words"],
        ["2", "2024-02-29", "10:45", "7.00", "x, y; z | w"],
        ["3", "2024-03-31", "23:59", "1250.75", "it's"],
        ["4", "2024-04-30", "00:15", "3.10", ""],
    ];

    [Theory]
    [InlineData(",")]
    [InlineData(";")]
    [InlineData("\t")]
    [InlineData("|")]
    [InlineData(":")]
    [InlineData("~")]
    [InlineData("^")]
    [InlineData(" ")]
    [InlineData("\x01")]
    [InlineData("\x1F")]
    [InlineData("||")]
    [InlineData("::")]
    [InlineData(", ")]
    [InlineData("; ")]
    [InlineData(" | ")]
    [InlineData("|~|")]
    [InlineData("¦")]
    public async Task AnyDelimiterIsFoundOut(string delimiter) => await AssertReadsAsync(delimiter, '"');

    [Theory]
    [InlineData(",", '\'')]
    [InlineData(";", '\'')]
    [InlineData(",", '`')]
    [InlineData("\t", '\'')]
    public async Task AnyQuoteIsFoundOut(string delimiter, char quote) => await AssertReadsAsync(delimiter, quote);

    [Fact]
    public async Task ABackslashBeforeQuotesIsFoundOutAndOtherBackslashesStay()
    {
        var parsed = await Csv.ParseAsync("id,text\n1,\"say \\\"hi\\\", then go\"\n2,\"C:\\dir, D:\\dir\"\n3,\"\\\"\"\n");
        Assert.Equal(["say \"hi\", then go", "C:\\dir, D:\\dir", "\""], parsed.Rows.Select(r => r[1]));
    }

    [Fact]
    public async Task APathThatEndsWithABackslashKeepsIt()
    {
        var parsed = await Csv.ParseAsync("id,path,note\n1,\"C:\\\",\"a, b\"\n2,\"D:\\\",\"c, d\"\n");
        Assert.Equal([["1", "C:\\", "a, b"], ["2", "D:\\", "c, d"]], parsed.Rows);
    }

    [Fact]
    public async Task QuotedFieldsMayStandApartFromTheirDelimiters()
    {
        var parsed = await Csv.ParseAsync("id,name,qty\n1, \"Smith, John\" ,5\n2,\"Doe, Jane\",6\n3, \"Poe, Edgar\", 7\n");
        Assert.Equal([["1", "Smith, John", "5"], ["2", "Doe, Jane", "6"], ["3", "Poe, Edgar", "7"]], parsed.Rows);
    }

    [Theory]
    [InlineData("time\n10:30:15\n11:45:00\n12:00:59\n", "time")]
    [InlineData("when\n2024-01-31 10:30:15\n2024-02-29 11:45:00\n", "when")]
    [InlineData("full name\nAnn Smith\nJohn van Doe\nPoe\n", "full name")]
    [InlineData("link\nhttps://a.example/x?y=1:2\nhttps://b.example/z\n", "link")]
    public async Task OneColumnIsNotCutInside(string text, string name)
    {
        var parsed = await Csv.ParseAsync(text, options: new CsvOptions { Schema = CsvSchemaMode.Strings });
        Assert.Equal(text.Split('\n', StringSplitOptions.RemoveEmptyEntries)[1..], parsed.Rows.Select(r => Assert.Single(r)));
        Assert.Equal(name, parsed.Schema.Columns[0].SourceName ?? parsed.Schema.Columns[0].Name);
    }

    [Fact]
    public async Task ADecimalCommaIsNoDelimiterBesideSemicolons()
    {
        var parsed = await Csv.ParseAsync("id;price;weight\n1;2,5;0,25\n2;3,75;1,5\n3;10,0;2,25\n", options: new CsvOptions { Schema = CsvSchemaMode.Strings });
        Assert.Equal(["1", "2,5", "0,25"], parsed.Rows[0]);
    }

    [Fact]
    public async Task MixedLineEndsAndAMissingLastOneEndLinesAlike()
    {
        var parsed = await Csv.ParseAsync("a,b\r\n1,x\n2,y\r3,z");
        Assert.Equal([["1", "x"], ["2", "y"], ["3", "z"]], parsed.Rows);
    }

    [Fact]
    public async Task OneRowIsARow()
    {
        var parsed = await Csv.ParseAsync("id;name\n1;x\n");
        Assert.Equal([["1", "x"]], parsed.Rows);
    }

    [Fact]
    public async Task ANulInTextIsText()
    {
        var parsed = await Csv.ParseAsync("id,name\n1,a\0b\n2,c\n");
        Assert.Equal(["a\0b", "c"], parsed.Rows.Select(r => r[1]));
    }

    [Fact]
    public async Task AHundredThousandColumnsAreRead()
    {
        var names = string.Join(',', Enumerable.Range(0, 100_000).Select(i => "c" + i));
        var row = string.Join(',', Enumerable.Range(0, 100_000));
        var parsed = await Csv.ParseAsync($"{names}\n{row}\n{row}\n", options: new CsvOptions { Schema = CsvSchemaMode.Strings });
        Assert.Equal((100_000, 2, "99999"), (parsed.Schema.Columns.Count, parsed.Rows.Count, parsed.Rows[1][^1]));
    }

    [Fact]
    public async Task AsManyColumnsOfOneNameAreToldApart()
    {
        var parsed = await Csv.ParseAsync(string.Join(',', Enumerable.Repeat("x", 20_000)) + "\n" + string.Join(',', Enumerable.Range(0, 20_000)) + "\n", options: new CsvOptions { Schema = CsvSchemaMode.Strings, Header = true });
        Assert.Equal(("x", "x_2", "19999"), (parsed.Schema.Columns[0].Name, parsed.Schema.Columns[1].Name, parsed.Rows[0][^1]));
    }

    private static async Task AssertReadsAsync(string delimiter, char quote)
    {
        var text = new StringBuilder();
        foreach (var row in Table)
            text.AppendJoin(delimiter, row.Select(f => Write(f, delimiter, quote))).Append('\n');
        var parsed = await Csv.ParseAsync(text.ToString(), options: new CsvOptions { Schema = CsvSchemaMode.Strings });
        Assert.Equal(Table[0], parsed.Schema.Columns.Select(c => c.Name));
        Assert.Equal(Table[1..], parsed.Rows.Select(r => r.Select(v => v ?? "").ToArray()));
        Assert.Empty(parsed.Rejects);
    }

    private static string Write(string field, string delimiter, char quote) =>
        field.Any(c => delimiter.Contains(c, StringComparison.Ordinal) || c == quote) || field.Length == 0 || field.Contains(' ', StringComparison.Ordinal)
            ? quote + field.Replace(quote.ToString(), $"{quote}{quote}", StringComparison.Ordinal) + quote
            : field;
}
