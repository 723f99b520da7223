using System.Globalization;
using System.Text;
using Etl.Core.Schemas;

namespace Etl.Csv.Tests.Reading;

/// <summary>Records that start with what is a byte order mark elsewhere: in the middle of a file it is none, wherever a block begins.</summary>
public sealed class MarkedRecordTests
{
    [Theory]
    [InlineData(new byte[] { 0xFF, 0xFE })]
    [InlineData(new byte[] { 0xFE, 0xFF })]
    [InlineData(new byte[] { 0xEF, 0xBB, 0xBF })]
    [InlineData(new byte[] { 0, 0, 0xFE, 0xFF })]
    public async Task EveryOtherRecordStaysAsItIsInItsOwnPlace(byte[] mark)
    {
        var text = new MemoryStream();
        // Longer than several blocks, so that some of them begin with the mark.
        for (var i = 0; i < 120_000; i++)
        {
            if (i % 2 == 1)
                text.Write(mark);
            text.Write(Encoding.ASCII.GetBytes(i.ToString(CultureInfo.InvariantCulture) + ",x\n"));
        }

        var parsed = await Csv.ParseAsync(text.ToArray(), Csv.Schema(("a", ColumnType.String), ("b", ColumnType.String)), new CsvOptions { Encoding = "utf-8", Header = false, Delimiter = ",", SkipLines = 0 });

        Assert.Equal(120_000, parsed.Tally.RowsRead);
        Assert.Equal(
            Enumerable.Range(0, 60_000).Select(i => (i * 2).ToString(CultureInfo.InvariantCulture)),
            parsed.Rows.Select(r => r[0]!).Where(v => char.IsAsciiDigit(v[0])));
    }

    [Fact]
    public async Task AFileInUtf16ThatIsStatedToBeUtf8IsExplained()
    {
        var error = await Assert.ThrowsAsync<Core.Errors.DataException>(() => Csv.ParseAsync([0xFF, 0xFE, (byte)'a', 0], options: new CsvOptions { Encoding = "utf-8" }));
        Assert.Contains("UTF-16", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnEmptyFileWithAStatedHeaderIsNoBug() =>
        await Assert.ThrowsAnyAsync<Core.Errors.DataException>(() => Csv.ParseAsync([], options: new CsvOptions { Header = true }));
}
