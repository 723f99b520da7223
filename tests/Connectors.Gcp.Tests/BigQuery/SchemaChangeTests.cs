using System.Text.Json.Nodes;
using Etl.Connectors.Gcp.BigQuery;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Runs;
using Etl.Core.Schemas;
using Xunit;

namespace Etl.Connectors.Gcp.Tests.BigQuery;

/// <summary>How the sink changes a table for a run, and asks about what is staged.</summary>
public sealed class SchemaChangeTests : Cloud
{
    private static readonly TableSchema Schema = new([new Column("id", ColumnType.Int64), new Column("price", ColumnType.Numeric)]);

    private static BigQueryOptions Options => new() { Project = "acme-analytics", Dataset = "sales", Table = "orders" };

    private static string Alter => "ALTER TABLE `acme-analytics.sales.orders` ALTER COLUMN `Price` SET DATA TYPE NUMERIC";

    [Fact]
    public async Task TheTableIsDescribedWithWhatItsTypesCanBecome()
    {
        Existing(("id", "INTEGER", "REQUIRED"), ("Price", "NUMERIC", "NULLABLE"), ("tags", "STRING", "REPEATED"), ("shape", "GEOGRAPHY", "NULLABLE"));
        using var sink = Sink(Options);

        var table = await sink.DescribeAsync(default);

        Assert.Equal("acme-analytics.sales.orders", table.Name);
        Assert.Equal(
            ["id INT64 [Int64] [Numeric,BigNumeric,Float64] True", "Price NUMERIC [Numeric] [BigNumeric,Float64] False", "tags ARRAY<STRING> [] [] False", "shape GEOGRAPHY [] [] False"],
            table.Columns!.Select(c => $"{c.Name} {c.TypeName} [{string.Join(',', c.Types)}] [{string.Join(',', c.WidensTo)}] {c.Required}"));
        using var none = Sink(Options with { Table = "none" });
        Assert.Null((await none.DescribeAsync(default)).Columns);
    }

    [Fact]
    public async Task ATypeIsWidenedByAJobOfItsOwnBeforeTheLoad()
    {
        Existing(("id", "INTEGER", "NULLABLE"), ("Price", "INTEGER", "NULLABLE"));
        Google.RunJob = Run;
        using var sink = Sink(Options);

        await sink.CheckAsync(Manifest(Schema), default);
        await sink.CommitAsync(Manifest(Schema), Receipts, default);
        await sink.CommitAsync(Manifest(Schema), Receipts, default);

        var id = $"etl_orders_{Manifest(Schema).RunId}";
        Assert.Equal([id, id + "_type_1"], Google.Jobs.Keys.Order());
        Assert.Equal(Alter, (string?)Google.Jobs[id + "_type_1"]["configuration"]!["query"]!["query"]);
        Assert.Equal("NUMERIC", (string?)Google.Jobs[id]["configuration"]!["load"]!["schema"]!["fields"]![1]!["type"]);
        Assert.Equal("Price", (string?)Google.Jobs[id]["configuration"]!["load"]!["schema"]!["fields"]![1]!["name"]);
    }

    [Fact]
    public async Task AProcessThatDiedAfterTheTypeWasWidenedIsFinishedByTheNext()
    {
        Existing(("id", "INTEGER", "NULLABLE"), ("Price", "INTEGER", "NULLABLE"));
        Google.RunJob = job => job["configuration"]!["load"] is null ? Run(job) : FakeGoogle.Failed("backendError", "died");
        using var first = Sink(Options);
        await Assert.ThrowsAsync<ServiceException>(async () => await first.CommitAsync(Manifest(Schema), Receipts, default));

        Google.RunJob = Run;
        using var second = Sink(Options);
        Assert.Equal(3, (await second.CommitAsync(Manifest(Schema), Receipts, default)).Rows);
        Assert.Single(Google.Jobs.Keys, k => k.Contains("_type_", StringComparison.Ordinal));
    }

    [Fact]
    public async Task TwoTablesOfOneRunAreWidenedByAJobEach()
    {
        Existing(("id", "INTEGER", "NULLABLE"), ("Price", "INTEGER", "NULLABLE"));
        Google.Tables["copy"] = (JsonObject)Google.Tables["orders"].DeepClone();
        Google.RunJob = Run;
        using var one = Sink(Options);
        using var two = Sink(Options with { Table = "copy" });

        await one.CommitAsync(Manifest(Schema), Receipts, default);
        await two.CommitAsync(Manifest(Schema), Receipts, default);

        Assert.Equal("NUMERIC", (string?)Google.Tables["copy"]["schema"]!["fields"]![1]!["type"]);
        Assert.Equal(2, Google.Jobs.Keys.Count(k => k.Contains("_type_1", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task ATableThatSomebodyTurnedBackIsNotLoaded()
    {
        Existing(("id", "INTEGER", "NULLABLE"), ("Price", "INTEGER", "NULLABLE"));
        Google.RunJob = job => job["configuration"]!["load"] is null ? new JsonObject { ["status"] = new JsonObject { ["state"] = "DONE" } } : FakeGoogle.Done(3);
        using var sink = Sink(Options);

        var error = await Assert.ThrowsAsync<ServiceException>(async () => await sink.CommitAsync(Manifest(Schema), Receipts, default));

        Assert.Contains("Price of acme-analytics.sales.orders was to become NUMERIC", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Google.Jobs.Values, j => j["configuration"]!["load"] is not null);
    }

    [Fact]
    public async Task AColumnWhoseContractKeepsTheTableIsNeverAltered()
    {
        Existing(("id", "INTEGER", "NULLABLE"), ("price", "INTEGER", "NULLABLE"));
        using var sink = Sink(Options);
        var frozen = new TableSchema([Schema.Columns[0], Schema.Columns[1] with { Contract = SchemaContract.Freeze }]);

        await Assert.ThrowsAsync<DataException>(async () => await sink.CommitAsync(Manifest(frozen), Receipts, default));

        Assert.Empty(Google.Jobs);
    }

    [Fact]
    public async Task ARequiredColumnIsRelaxedByTheLoad()
    {
        Existing(("id", "INTEGER", "REQUIRED"), ("price", "NUMERIC", "REQUIRED"));
        using var sink = Sink(Options);

        await sink.CommitAsync(Manifest(new TableSchema([Schema.Columns[0] with { Nullable = false }, Schema.Columns[1], new Column("note", ColumnType.String)])), Receipts, default);

        var load = Google.Jobs.Single().Value["configuration"]!["load"]!;
        Assert.Equal(["ALLOW_FIELD_ADDITION", "ALLOW_FIELD_RELAXATION"], load["schemaUpdateOptions"]!.AsArray().Select(o => (string?)o));
        Assert.Equal(["REQUIRED", "NULLABLE", "NULLABLE"], load["schema"]!["fields"]!.AsArray().Select(f => (string?)f!["mode"]));
    }

    [Theory]
    [InlineData("0", true)]
    [InlineData("2", false)]
    public async Task AFloatIsMadeOnlyOfValuesThatItHolds(string rounded, bool fits)
    {
        Existing(("id", "INTEGER", "NULLABLE"), ("price", "INTEGER", "NULLABLE"));
        Google.QueryPages.Enqueue(Answer(rounded));
        using var sink = Sink(Options);
        var floats = new TableSchema([Schema.Columns[0], new Column("price", ColumnType.Float64)]);

        if (fits) await sink.CheckAsync(Manifest(floats), default);
        else Assert.Contains("2 of the table's values would be rounded", (await Assert.ThrowsAsync<DataException>(async () => await sink.CheckAsync(Manifest(floats), default))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StagedRowsAreAskedAboutAsAnExternalTable()
    {
        Google.QueryPages.Enqueue(Answer("4", "0"));
        using var sink = Sink(Options);
        var schema = new TableSchema([.. Schema.Columns, new Column("at", ColumnType.DateTime)]);

        var counts = await sink.CountAsync(Manifest(schema), Receipts, new StagedQuery("assert_7_0", "SELECT 1"), default);

        Assert.Equal([4, 0], counts);
        var (id, job) = Assert.Single(Google.Jobs);
        Assert.Equal($"etl_orders_{Manifest(schema).RunId}_assert_7_0", id);
        var query = job["configuration"]!["query"]!;
        Assert.Equal("WITH staged AS (SELECT `id`, `price`, CAST(`at` AS DATETIME) AS `at` FROM staged_files)\nSELECT 1", (string?)query["query"]);
        Assert.Equal("""{"sourceUris":["gs://staging/0.parquet"],"sourceFormat":"PARQUET","autodetect":false,"decimalTargetTypes":["NUMERIC","BIGNUMERIC"],"parquetOptions":{"enableListInference":false}}""", query["tableDefinitions"]!["staged_files"]!.ToJsonString());
    }

    [Theory]
    [InlineData(StagingFormat.Csv, StagingCompression.Auto, "GZIP")]
    [InlineData(StagingFormat.Csv, StagingCompression.None, null)]
    [InlineData(StagingFormat.Ndjson, StagingCompression.Gzip, "GZIP")]
    public async Task OtherFormatsAreDescribedAsTheyAreStaged(StagingFormat format, StagingCompression compression, string? says)
    {
        Google.QueryPages.Enqueue(Answer("0"));
        using var sink = Sink(Options);

        await sink.CountAsync(Manifest(Schema, new StagingEncoding(format, compression)), Receipts, new StagedQuery("a", "SELECT 1"), default);

        var definition = Google.Jobs.Single().Value["configuration"]!["query"]!["tableDefinitions"]!["staged_files"]!;
        Assert.Equal(says, (string?)definition["compression"]);
        Assert.Equal(2, definition["schema"]!["fields"]!.AsArray().Count);
        Assert.Equal(format == StagingFormat.Csv ? "1" : null, definition["csvOptions"]?["skipLeadingRows"]?.ToString());
    }

    [Fact]
    public async Task WithoutFilesTheRowsAreNone()
    {
        Google.QueryPages.Enqueue(Answer("0"));
        using var sink = Sink(Options);

        await sink.CountAsync(Manifest(Schema), [], new StagedQuery("a", "SELECT 1"), default);

        var query = Google.Jobs.Single().Value["configuration"]!["query"]!;
        Assert.Null(query["tableDefinitions"]);
        Assert.StartsWith("WITH staged AS (SELECT CAST(NULL AS INT64) AS `id`, CAST(NULL AS NUMERIC) AS `price` LIMIT 0)", (string?)query["query"], StringComparison.Ordinal);
    }

    [Fact]
    public void ATextThatIsQuotedStaysOneText() => Assert.Equal(@"'it\'s a \\ and\u000aa line'", GoogleSql.Dialect.Text("it's a \\ and\na line"));

    // Runs a job as BigQuery would, as far as the table's types go.
    private JsonObject Run(JsonObject job)
    {
        if ((string?)job["configuration"]!["query"]?["query"] is not { } sql) return FakeGoogle.Done(3);
        var table = sql.Contains(".copy`", StringComparison.Ordinal) ? "copy" : "orders";
        Google.Tables[table]["schema"]!["fields"]![1]!["type"] = "NUMERIC";
        return new JsonObject { ["status"] = new JsonObject { ["state"] = "DONE" } };
    }

    private static JsonObject Answer(params string[] values) => new()
    {
        ["jobComplete"] = true,
        ["totalRows"] = "1",
        ["schema"] = new JsonObject { ["fields"] = new JsonArray([.. values.Select((_, i) => new JsonObject { ["name"] = $"a{i}", ["type"] = "INTEGER" })]) },
        ["rows"] = new JsonArray(new JsonObject { ["f"] = new JsonArray([.. values.Select(v => new JsonObject { ["v"] = v })]) }),
    };

    private BigQueryLoadSink Sink(BigQueryOptions options) => new(options, Context());

    private void Existing(params (string Name, string Type, string Mode)[] columns) => Google.Tables["orders"] = new JsonObject
    {
        ["tableReference"] = new JsonObject { ["projectId"] = "acme-analytics", ["datasetId"] = "sales", ["tableId"] = "orders" },
        ["type"] = "TABLE",
        ["schema"] = new JsonObject { ["fields"] = new JsonArray([.. columns.Select(c => new JsonObject { ["name"] = c.Name, ["type"] = c.Type, ["mode"] = c.Mode })]) },
    };

    private static RunManifest Manifest(TableSchema schema, StagingEncoding? encoding = null) => new()
    {
        Pipeline = "orders",
        After = null,
        OptionsDigest = "00",
        SinksDigest = "00",
        SourceSchema = schema,
        Schema = schema,
        Encoding = encoding ?? new StagingEncoding(StagingFormat.Parquet, StagingCompression.Zstd),
        Splits = [],
    };

    private static StageReceipt[] Receipts =>
    [
        new()
        {
            Split = 0,
            RowsRead = 3,
            RowsStaged = 3,
            RowsRejected = 0,
            RowsFiltered = 0,
            BytesRead = 1,
            Files = [new StagedFile("gs://staging/0.parquet", 10, "AAAAAA==")],
            DeadLetters = [],
            Repairs = new Dictionary<string, long>(),
        },
    ];
}
