using Apache.Arrow;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Schemas;
using Etl.Csv;
using Etl.Formats;
using Etl.Testing;
using Etl.TestSupport;
using Column = Etl.Core.Schemas.Column;

namespace Etl.Lookup.Tests;

public sealed class LookupTransformTests : IDisposable
{
    private const string Countries = "code,name,area\nJP,日本,377975\nDE,Germany,357592\n";
    private static readonly TableSchema Schema = new([new("id", ColumnType.Int64), new("country", ColumnType.String)]);
    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void ColumnsAreAddedByTheKeyOfEachRow()
    {
        folder.File("data/countries.csv", Countries);
        var bound = Transform("data/countries.csv", take: new() { ["country_name"] = "name", ["km2"] = "area" }).Bind(Schema);
        using var batch = bound.Apply(Batch("DE", null, "JP", "de", "DE"));
        Assert.Equal([.. Schema.Columns, new Column("country_name", ColumnType.String), new("km2", ColumnType.Int64)], bound.Output.Columns);
        Assert.Equal(["0|DE|Germany|357592", "1|NULL|NULL|NULL", "2|JP|日本|377975", "3|de|NULL|NULL", "4|DE|Germany|357592"], batch.Rows());
    }

    [Fact]
    public void ARowWithoutAKeyInTheFileCanBeLeftOut()
    {
        folder.File("c.csv", Countries);
        using var batch = Transform("c.csv", MissingKey.Drop).Bind(Schema).Apply(Batch("DE", null, "JP", "FR"));
        Assert.Equal(["0|DE|Germany", "2|JP|日本"], batch.Rows());
    }

    [Fact]
    public void OrFailWithTheObjectAndNotTheKey()
    {
        folder.File("c.csv", Countries);
        var error = Assert.Throws<DataException>(() => Transform("c.csv", MissingKey.Fail).Bind(Schema).Apply(Batch("DE", "Utopia")));
        Assert.Contains("memory://a: the file ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Utopia", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("c.ndjson", "{\"code\":\"JP\",\"name\":\"日本\"}\n{\"code\":\"DE\",\"name\":\"Germany\"}\n")]
    [InlineData("c.JSONL", "{\"name\":\"日本\",\"code\":\"JP\"}\n\n{\"code\":\"DE\",\"name\":\"Germany\"}\n")]
    [InlineData("c.tsv", "Code\tName\nJP\t日本\nDE\tGermany\n")]
    [InlineData("c", "code;name\nJP;日本\nDE;Germany\n")]
    public void TheFilesEndingTellsItsKind(string file, string content)
    {
        folder.File(file, content);
        using var batch = Transform(file).Bind(Schema).Apply(Batch("JP"));
        Assert.Equal(["0|JP|日本"], batch.Rows());
    }

    [Fact]
    public void AWorkbookIsReadFromItsFirstVisibleSheet()
    {
        folder.File("c.xlsx", File.ReadAllBytes(Repository.PathOf("tests", "Excel.Tests", "Files", "openpyxl.xlsx")));
        using var batch = Transform("c.xlsx", take: new() { ["customer"] = "customer" }).Bind(Schema).Apply(Batch("007", "12A"));
        Assert.Equal(["0|007|Müller & Söhne", "1|12A|鈴木商店"], batch.Rows());
    }

    [Fact]
    public async Task AParquetFileSaysItsTypesItself()
    {
        var file = new TableSchema([new("code", ColumnType.String), new("unused", ColumnType.Bool), new("name", ColumnType.Date)]);
        await using (var output = File.Create(Path.Combine(folder.Path, "c.parquet")))
            await EncoderFactory.Create(new StagingEncoding(StagingFormat.Parquet, StagingCompression.Zstd)).EncodeAsync(Batches.Stream(Batches.Of(file, Batches.Text("JP", "DE"), Batches.Bool(true, null), Batches.Fixed<int>(ColumnType.Date, 0, 1))), file, output, TestContext.Current.CancellationToken);
        var bound = Transform("c.parquet").Bind(Schema);
        using var batch = bound.Apply(Batch("DE", "FR"));
        Assert.Equal(["0|DE|1970-01-02", "1|FR|NULL"], batch.Rows());
        Assert.Contains("is STRING, so that no key would be found", Assert.Throws<DataException>(() => Transform("c.parquet").Bind(new TableSchema([new("country", ColumnType.Int64)]))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AKeyOfTheFileHasTheTypeOfTheColumnThatIsLookedUp()
    {
        folder.File("c.csv", "code,name\n007,Bond\n7,Seven\n");
        using var text = Transform("c.csv").Bind(Schema).Apply(Batch("7", "007"));
        Assert.Equal(["0|7|Seven", "1|007|Bond"], text.Rows());
        var number = Assert.Throws<DataException>(() => Transform("c.csv").Bind(new TableSchema([new("country", ColumnType.Int64)])));
        Assert.Contains("c.csv, line 2, code: expected INT64 (whole number), found a number with a leading zero", number.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SeveralColumnsCanBeTheKey()
    {
        folder.File("c.csv", "country,year,rate\nDE,1,0.16\nDE,2,0.19\nJP,1,0.1\n");
        var options = new LookupOptions { File = "c.csv", On = new Dictionary<string, string> { ["country"] = "country", ["id"] = "year" }, Take = new Dictionary<string, string> { ["rate"] = "rate" } };
        using var batch = new LookupTransform(options, folder.Path).Bind(Schema).Apply(Batch("DE", "DE", "DE", "JP"));
        Assert.Equal(["0|DE|NULL", "1|DE|0.16", "2|DE|0.19", "3|JP|NULL"], batch.Rows());
    }

    [Fact]
    public void ColumnsCanBeTypedAndARowThatDoesNotFitIsNamed()
    {
        folder.File("c.csv", "code,since\nJP,1.2.1999\nDE,31.12.2001\n");
        CsvColumnOptions since = new() { Name = "since", Type = ColumnType.Date, Format = "d.M.yyyy" };
        using var batch = Transform("c.csv", take: new() { ["since"] = "since" }, columns: [since]).Bind(Schema).Apply(Batch("DE"));
        Assert.Equal(["0|DE|2001-12-31"], batch.Rows());

        folder.File("c.csv", "code,since\nJP,1.2.1999\nDE,secret\n");
        var error = Assert.Throws<DataException>(() => Transform("c.csv", take: new() { ["since"] = "since" }, columns: [since]).Bind(Schema));
        Assert.Contains("c.csv, line 3, since: expected DATE", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a,b\nx,1\nx,2\ny,3\ny,4\ny,5\n", "the lines 2 and 3, 4 and 5, 4 and 6.")]
    [InlineData("a,b\nx,1\n", "has no column code; it has a, b")]
    public void WhatIsWrongWithTheFileIsSaid(string content, string why)
    {
        folder.File("c.csv", content);
        var key = why.StartsWith("has", StringComparison.Ordinal) ? "code" : "a";
        var options = new LookupOptions { File = "c.csv", On = new Dictionary<string, string> { ["country"] = key }, Take = new Dictionary<string, string> { ["v"] = "b" } };
        Assert.Contains(why, Assert.Throws<DataException>(() => new LookupTransform(options, folder.Path).Bind(Schema)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsWrongWithTheOptionsIsSaid()
    {
        folder.File("c.csv", Countries);
        Assert.Contains("take adds the column id, and there is one", Assert.Throws<DataException>(() => Transform("c.csv", take: new() { ["id"] = "name" }).Bind(Schema)).Message, StringComparison.Ordinal);
        Assert.Contains("no name for a table's column", Assert.Throws<DataException>(() => Transform("c.csv", take: new() { ["a b"] = "name" }).Bind(Schema)).Message, StringComparison.Ordinal);
        Assert.Contains("on names the column country", Assert.Throws<DataException>(() => Transform("c.csv").Bind(new TableSchema([new("contry", ColumnType.String)]))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AMissingFileIsAnErrorWhenTheRunIsPlanned()
    {
        var transform = Transform("none.csv");
        Assert.Empty(transform.Pin);
        Assert.Contains("there is no file", Assert.Throws<DataException>(() => transform.Bind(Schema)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AFileThatIsTooLargeIsRefused()
    {
        using (var file = File.Create(Path.Combine(folder.Path, "c.csv"))) file.SetLength((64 << 20) + 1);
        Assert.Contains("join the two in the warehouse", Assert.Throws<DataException>(() => Transform("c.csv").Bind(Schema)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnotherContentIsAnotherPinAndIsNotLoaded()
    {
        folder.File("c.csv", Countries);
        var transform = Transform("c.csv");
        folder.File("c.csv", Countries + "FR,France,1\n");
        Assert.NotEqual(transform.Pin, Transform("c.csv").Pin);
        Assert.Contains("changed after this process began", Assert.Throws<DataException>(() => transform.Bind(Schema)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheFileIsReadOnce()
    {
        folder.File("c.csv", Countries);
        var transform = Transform("c.csv");
        transform.Bind(Schema);
        File.Delete(Path.Combine(folder.Path, "c.csv"));
        using var batch = transform.Bind(Schema).Apply(Batch("JP"));
        Assert.Equal(["0|JP|日本"], batch.Rows());
    }

    [Fact]
    public void WhatAMaskedKeyFindsIsMaskedToo()
    {
        folder.File("c.csv", Countries);
        var bound = Transform("c.csv").Bind(new TableSchema([Schema.Columns[0], Schema.Columns[1] with { IsMasked = true }]));
        Assert.True(bound.Output.Columns[^1].IsMasked);
    }

    private LookupTransform Transform(string file, MissingKey missing = MissingKey.Null, Dictionary<string, string>? take = null, IReadOnlyList<CsvColumnOptions>? columns = null) =>
        new(new LookupOptions { File = file, On = new Dictionary<string, string> { ["country"] = "code" }, Take = take ?? new() { ["name"] = "name" }, Missing = missing, Columns = columns }, folder.Path);

    private static RecordBatch Batch(params string?[] countries) => Batches.Of(Schema, Batches.Int64([.. Enumerable.Range(0, countries.Length).Select(i => (long?)i)]), Batches.Text(countries));
}
