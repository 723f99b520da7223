using System.Text.Json.Nodes;
using Etl.Connectors.Gcp.BigQuery;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Runs;
using Etl.Core.Schemas;
using Xunit;

namespace Etl.Connectors.Gcp.Tests.BigQuery;

public sealed class BigQueryLoadSinkTests : Cloud
{
    private static readonly TableSchema Schema = new([
        new Column("order_id", ColumnType.Int64, Nullable: false),
        new Column("ordered_at", ColumnType.Timestamp),
        new Column("price", ColumnType.Numeric, SourceName: "Price (¥)"),
    ]);

    private static BigQueryOptions Options => new() { Project = "acme-analytics", Dataset = "sales", Table = "orders" };

    [Fact]
    public async Task AMissingTableIsMadeAsThePipelineSays()
    {
        using var sink = Sink(Options with
        {
            Partition = new BigQueryPartition { Column = "ordered_at" },
            Cluster = ["order_id"],
            Labels = new Dictionary<string, string> { ["team"] = "sales" },
            Description = "Orders",
        });
        await sink.CheckAsync(Run(), default);
        Assert.Empty(Google.Tables);

        var receipt = await sink.CommitAsync(Run(), Receipts(1, 2), default);

        var table = Google.Tables["orders"];
        Assert.Equal("""[{"name":"order_id","type":"INTEGER","mode":"REQUIRED"},{"name":"ordered_at","type":"TIMESTAMP","mode":"NULLABLE"},{"name":"price","type":"NUMERIC","mode":"NULLABLE","description":"Price (¥)"}]""", Text(table["schema"]!["fields"]!));
        Assert.Equal("""{"type":"DAY","field":"ordered_at"}""", Text(table["timePartitioning"]!));
        Assert.Equal("""{"fields":["order_id"]}""", Text(table["clustering"]!));
        Assert.Equal("""{"team":"sales"}""", Text(table["labels"]!));
        Assert.Equal("Orders", (string?)table["description"]);
        Assert.Equal(new LoadReceipt("acme-analytics.sales.orders", $"etl_daily-orders_{Run().RunId}", 3, "etl query 'SELECT * FROM `acme-analytics.sales.orders` LIMIT 10'"), receipt);
    }

    [Fact]
    public async Task OneJobLoadsEveryStagedFileInOrder()
    {
        using var sink = Sink(Options);
        await sink.CommitAsync(Run(), [.. Receipts(1, 2).Reverse()], default);

        var job = Assert.Single(Google.Jobs).Value;
        Assert.Equal("asia-northeast1", (string?)job["jobReference"]!["location"]);
        var load = job["configuration"]!["load"]!;
        Assert.Equal("""["gs://staging/0.parquet","gs://staging/1.parquet"]""", Text(load["sourceUris"]!));
        Assert.Equal(("PARQUET", "WRITE_APPEND", "CREATE_NEVER"), ((string?)load["sourceFormat"], (string?)load["writeDisposition"], (string?)load["createDisposition"]));
        Assert.Equal("""{"enableListInference":false}""", Text(load["parquetOptions"]!));
        Assert.Equal(3, load["schema"]!["fields"]!.AsArray().Count);
    }

    [Fact]
    public async Task CommittingTwiceLoadsOnce()
    {
        using var sink = Sink(Options);
        var first = await sink.CommitAsync(Run(), Receipts(1, 2), default);
        using var again = Sink(Options);
        Assert.Equal(first, await again.CommitAsync(Run(), Receipts(1, 2), default));
        Assert.Single(Google.Jobs);
    }

    [Fact]
    public async Task TwoProcessesThatCommitAtOnceLoadOnce()
    {
        using var sink = Sink(Options);
        var receipts = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => sink.CommitAsync(Run(), Receipts(1, 2), default).AsTask()));
        Assert.Single(receipts.Distinct());
        Assert.Single(Google.Jobs);
    }

    [Fact]
    public async Task AfterAFailedJobTheNextCommitIsANewAttempt()
    {
        Google.RunJob = _ => FakeGoogle.Failed("backendError", "Try again.");
        using var sink = Sink(Options);
        Assert.True((await Assert.ThrowsAsync<ServiceException>(async () => await sink.CommitAsync(Run(), Receipts(1, 2), default))).Transient);

        Google.RunJob = _ => FakeGoogle.Done(3);
        Assert.EndsWith("_2", (await sink.CommitAsync(Run(), Receipts(1, 2), default)).Job);
        Assert.EndsWith("_2", (await sink.CommitAsync(Run(), Receipts(1, 2), default)).Job);
        Assert.Equal(2, Google.Jobs.Count);
    }

    [Fact]
    public async Task ARowThatBigQueryRefusesIsShownWithoutItsValue()
    {
        Google.RunJob = _ => FakeGoogle.Failed("invalid", "Error while reading data, error message: Could not parse 'Jane Doe' as INT64 for field order_id (position 0) starting at location 42", "Too many errors");
        using var sink = Sink(Options);
        var error = await Assert.ThrowsAsync<DataException>(async () => await sink.CommitAsync(Run(), Receipts(1, 2), default));
        Assert.Contains("for field order_id (position 0) starting at location 42", error.Message);
        Assert.Contains("gs://staging/a.csv", error.Message);
        Assert.Contains("Too many errors", error.Message);
        Assert.DoesNotContain("Jane", error.Message);
    }

    [Fact]
    public async Task ReplaceTruncates()
    {
        using var sink = Sink(Options with { Write = WriteDisposition.Replace });
        await sink.CommitAsync(Run(), Receipts(1, 2), default);
        Assert.Equal("WRITE_TRUNCATE", (string?)Google.Jobs.Single().Value["configuration"]!["load"]!["writeDisposition"]);
    }

    [Fact]
    public async Task WithoutFilesAppendLoadsNothingAndReplaceEmptiesTheTable()
    {
        using var append = Sink(Options);
        Assert.Equal(0, (await append.CommitAsync(Run(), [], default)).Rows);
        Assert.Empty(Google.Jobs);
        Assert.Contains("orders", Google.Tables.Keys);

        using var replace = Sink(Options with { Write = WriteDisposition.Replace });
        Google.RunJob = _ => new JsonObject { ["status"] = new JsonObject { ["state"] = "DONE" } };
        Assert.Equal(0, (await replace.CommitAsync(Run(), [], default)).Rows);
        Assert.Equal("TRUNCATE TABLE `acme-analytics.sales.orders`", (string?)Google.Jobs.Single().Value["configuration"]!["query"]!["query"]);
    }

    [Fact]
    public async Task ANewColumnIsAddedToTheTable()
    {
        Existing(("order_id", "INTEGER", "REQUIRED"), ("ordered_at", "TIMESTAMP", "NULLABLE"));
        using var sink = Sink(Options);
        await sink.CheckAsync(Run(), default);
        await sink.CommitAsync(Run(), Receipts(1, 2), default);

        var load = Google.Jobs.Single().Value["configuration"]!["load"]!;
        Assert.Equal("""["ALLOW_FIELD_ADDITION"]""", Text(load["schemaUpdateOptions"]!));
        Assert.Equal(["REQUIRED", "NULLABLE", "NULLABLE"], load["schema"]!["fields"]!.AsArray().Select(f => (string?)f!["mode"]));
    }

    [Fact]
    public async Task AColumnOfAnotherTypeIsNamedWithBothTypes()
    {
        Existing(("order_id", "STRING", "NULLABLE"));
        using var sink = Sink(Options);
        var error = await Assert.ThrowsAsync<DataException>(async () => await sink.CheckAsync(Run(), default));
        Assert.StartsWith("Column order_id is INT64 in this run and STRING in the table", error.Message);
    }

    [Fact]
    public async Task ARequiredColumnMustBeThere()
    {
        Existing(("region", "STRING", "REQUIRED"));
        using var sink = Sink(Options);
        Assert.Contains("REQUIRED column region", (await Assert.ThrowsAsync<DataException>(async () => await sink.CheckAsync(Run(), default))).Message);
    }

    [Fact]
    public async Task AMissingDatasetComesWithTheCommandThatMakesIt()
    {
        using var sink = Sink(Options with { Dataset = "typo" });
        var error = await Assert.ThrowsAsync<ServiceException>(async () => await sink.CheckAsync(Run(), default));
        Assert.Contains("bq mk --dataset --location=LOCATION acme-analytics:typo", error.Message);
        Assert.False(error.Transient);
    }

    [Theory]
    [InlineData("price", PartitionUnit.Day, "must be DATE, DATETIME or TIMESTAMP")]
    [InlineData("no_such", PartitionUnit.Day, "names the column no_such")]
    public async Task APartitionColumnMustSuit(string column, PartitionUnit by, string says)
    {
        using var sink = Sink(Options with { Partition = new BigQueryPartition { Column = column, By = by } });
        Assert.Contains(says, (await Assert.ThrowsAsync<DataException>(async () => await sink.CheckAsync(Run(), default))).Message);
    }

    [Fact]
    public async Task ATablePartitionedOtherwiseIsNotLoadedInto()
    {
        Existing(("order_id", "INTEGER", "REQUIRED"), ("ordered_at", "TIMESTAMP", "NULLABLE"));
        using var sink = Sink(Options with { Partition = new BigQueryPartition { Column = "ordered_at" } });
        Assert.Contains("is not partitioned", (await Assert.ThrowsAsync<ServiceException>(async () => await sink.CheckAsync(Run(), default))).Message);
    }

    [Fact]
    public async Task ARowCountThatDiffersFromTheStagedOneIsAnError()
    {
        Google.RunJob = _ => FakeGoogle.Done(2);
        using var sink = Sink(Options);
        Assert.Contains("loaded 2 rows", (await Assert.ThrowsAsync<DataException>(async () => await sink.CommitAsync(Run(), Receipts(1, 2), default))).Message);
    }

    [Theory]
    [InlineData("utf-8", "||", "\"", "delimiter is one ASCII character")]
    [InlineData("utf-8", "｜", "\"", "delimiter is one ASCII character")]
    [InlineData("utf-8", ",", "”", "quote character is one ASCII character")]
    [InlineData("shift_jis", ",", "\"", "cannot read the text encoding shift_jis")]
    public async Task PassthroughOfWhatBigQueryReadsOtherwiseIsRefusedWhenARunIsPlanned(string encoding, string delimiter, string quote, string says)
    {
        using var sink = Sink(Options);
        var run = Run(new StagingEncoding(StagingFormat.Passthrough, StagingCompression.None), new ObjectDialect("s3://data/a.csv", null, encoding, delimiter, quote, 1, ["order_id"]));

        Assert.Contains(says, (await Assert.ThrowsAsync<DataException>(async () => await sink.CheckAsync(run, default))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PassthroughTellsBigQueryTheDialect()
    {
        using var sink = Sink(Options);
        var run = Run(
            new StagingEncoding(StagingFormat.Passthrough, StagingCompression.None),
            new ObjectDialect("s3://data/a.csv", null, "utf-8", ";", "'", 3, ["order_id"]));
        await sink.CommitAsync(run, [Receipts(1)[0] with { RowsRead = null, RowsStaged = null, RowsRejected = null, RowsFiltered = null }], default);

        var load = Google.Jobs.Single().Value["configuration"]!["load"]!;
        Assert.Equal(("CSV", ";", "'", 3, "UTF-8", true), ((string?)load["sourceFormat"], (string?)load["fieldDelimiter"], (string?)load["quote"], (int?)load["skipLeadingRows"], (string?)load["encoding"], (bool?)load["allowQuotedNewlines"]));
    }

    [Fact]
    public async Task TwoTablesOfOneRunAreLoadedByAJobEach()
    {
        using var first = Sink(Options);
        using var second = Sink(Options with { Table = "copy" });
        var one = await first.CommitAsync(Run(), Receipts(1, 2), default);
        var two = await second.CommitAsync(Run(), Receipts(1, 2), default);
        Assert.Equal((one.Job + "_2", "acme-analytics.sales.copy"), (two.Job, two.Target));
        Assert.Equal(two, await second.CommitAsync(Run(), Receipts(1, 2), default));
    }

    [Theory]
    [InlineData(403, "accessDenied", false, "roles/bigquery.dataEditor")]
    [InlineData(403, "rateLimitExceeded", true, "quotas")]
    [InlineData(403, "quotaExceeded", true, "quotas")]
    [InlineData(500, "backendError", true, "backendError")]
    [InlineData(400, "invalid", false, "invalid")]
    public async Task RefusedCallsLeadOn(int status, string reason, bool transient, string says)
    {
        Google.BigQueryRefusal = (status, reason);
        using var sink = Sink(Options);
        var error = await Assert.ThrowsAsync<ServiceException>(async () => await sink.CheckAsync(Run(), default));
        Assert.Equal(transient, error.Transient);
        Assert.Contains(says, error.Message);
        Assert.Contains("acme-analytics.sales.orders", error.Message);
    }

    [Fact]
    public async Task ChangedClusteringIsAppliedToTheTable()
    {
        Existing(("order_id", "INTEGER", "REQUIRED"), ("ordered_at", "TIMESTAMP", "NULLABLE"), ("price", "NUMERIC", "NULLABLE"));
        using var sink = Sink(Options with { Cluster = ["order_id"] });
        await sink.CommitAsync(Run(), Receipts(1, 2), default);
        Assert.Equal("""{"fields":["order_id"]}""", Text(Google.Tables["orders"]["clustering"]!));
        Assert.Equal("""{"fields":["order_id"]}""", Text(Google.Jobs.Single().Value["configuration"]!["load"]!["clustering"]!));
    }

    [Theory]
    [InlineData(10_001, 10)]
    [InlineData(16, 1L << 40)]
    public async Task MoreThanOneLoadJobTakesIsRefusedBeforeItIsAskedFor(int files, long bytes)
    {
        using var sink = Sink(Options);
        StageReceipt[] receipts = [Receipts(1)[0] with { Files = [.. Enumerable.Range(0, files).Select(i => new StagedFile($"gs://staging/{i}.parquet", bytes, "AAAAAA=="))] }];

        var error = await Assert.ThrowsAsync<DataException>(async () => await sink.CommitAsync(Run(), receipts, default));

        Assert.Contains("one BigQuery load", error.Message, StringComparison.Ordinal);
        Assert.Empty(Google.Jobs);
    }

    [Fact]
    public async Task AQueryIsReadPageByPage()
    {
        var schema = new JsonObject { ["fields"] = new JsonArray(new JsonObject { ["name"] = "n", ["type"] = "INTEGER" }, new JsonObject { ["name"] = "t", ["type"] = "TIMESTAMP" }) };
        Google.QueryPages.Enqueue(new JsonObject { ["jobComplete"] = false });
        Google.QueryPages.Enqueue(new JsonObject { ["jobComplete"] = true, ["schema"] = schema, ["totalRows"] = "2", ["pageToken"] = "p2", ["rows"] = new JsonArray(JsonNode.Parse("""{"f":[{"v":"1"},{"v":"1767323045500000"}]}""")) });
        Google.QueryPages.Enqueue(new JsonObject { ["jobComplete"] = true, ["rows"] = new JsonArray(JsonNode.Parse("""{"f":[{"v":null},{"v":null}]}""")) });
        using var reader = new BigQueryReader(Context(), "acme-analytics");

        var result = await reader.QueryAsync("SELECT 1", default);

        Assert.Equal([new QueryColumn("n", "INTEGER"), new QueryColumn("t", "TIMESTAMP")], result.Columns);
        Assert.Equal(2, result.TotalRows);
        var rows = await result.Rows.ToListAsync();
        Assert.Equal(["1", "2026-01-02 03:04:05.5 UTC"], rows[0]);
        Assert.Equal([null, null], rows[1]);
    }

    private BigQueryLoadSink Sink(BigQueryOptions options) => new(options, Context());

    private void Existing(params (string Name, string Type, string Mode)[] columns) => Google.Tables["orders"] = new JsonObject
    {
        ["tableReference"] = new JsonObject { ["projectId"] = "acme-analytics", ["datasetId"] = "sales", ["tableId"] = "orders" },
        ["type"] = "TABLE",
        ["schema"] = new JsonObject { ["fields"] = new JsonArray([.. columns.Select(c => new JsonObject { ["name"] = c.Name, ["type"] = c.Type, ["mode"] = c.Mode })]) },
    };

    private static string Text(JsonNode node) => node.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    private static RunManifest Run(StagingEncoding? encoding = null, ObjectDialect? dialect = null) => new()
    {
        Pipeline = "daily orders",
        After = null,
        OptionsDigest = "00",
        SinksDigest = "00",
        SourceSchema = Schema,
        Schema = Schema,
        Encoding = encoding ?? new StagingEncoding(StagingFormat.Parquet, StagingCompression.Zstd),
        Dialect = dialect,
        Splits = [],
    };

    private static StageReceipt[] Receipts(params long[] rows) =>
        [.. rows.Select((r, i) => new StageReceipt
        {
            Split = i,
            RowsRead = r,
            RowsStaged = r,
            RowsRejected = 0,
            RowsFiltered = 0,
            BytesRead = 1,
            Files = [new StagedFile($"gs://staging/{i}.parquet", 10, "AAAAAA==")],
            DeadLetters = [],
            Repairs = new Dictionary<string, long>(),
        })];
}
