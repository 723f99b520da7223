using System.Text;
using Etl.Core.Schemas;
using Etl.Formats.Text;
using Etl.Testing;
using Xunit;

namespace Etl.Formats.Tests;

/// <summary>Text that a spreadsheet program would run.</summary>
public sealed class CsvFormulaTests
{
    private static readonly TableSchema Schema = new([new Column("n", ColumnType.Int64), new Column("t", ColumnType.String)]);
    private static readonly string?[] Texts = ["=1+1", "+49", "-x", "@SUM(1)", "\tx", "\rx", "a=b", "", null];

    [Fact]
    public async Task FormulasAreCountedAndLeftAsTheyAre()
    {
        var encoder = new CsvEncoder(gzip: false);

        Assert.Equal("n,t\n-1,=1+1\n-1,+49\n-1,-x\n-1,@SUM(1)\n-1,\tx\n-1,\"\rx\"\n-1,a=b\n-1,\"\"\n-1,\n", await WriteAsync(encoder));
        Assert.Equal(6, encoder.Formulas);
    }

    [Fact]
    public async Task WhenAskedForAnApostropheStandsBeforeEach()
    {
        var encoder = new CsvEncoder(gzip: false, ["=n", "t"], escapeFormulas: true);

        Assert.Equal("'=n,t\n-1,'=1+1\n-1,'+49\n-1,'-x\n-1,'@SUM(1)\n-1,'\tx\n-1,\"'\rx\"\n-1,a=b\n-1,\"\"\n-1,\n", await WriteAsync(encoder));
        Assert.Equal(7, encoder.Formulas);
    }

    private static async Task<string> WriteAsync(CsvEncoder encoder)
    {
        using var output = new MemoryStream();
        var batch = Batches.Of(Schema, Batches.Int64([.. Texts.Select(_ => (long?)-1)]), Batches.Text(Texts));
        await encoder.EncodeAsync(Batches.Stream(batch), Schema, output, TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(output.ToArray());
    }
}
