using System.Text.Json.Nodes;
using Etl.Connectors.Gcp.BigQuery;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Runs;
using Etl.Core.Schemas;
using Etl.Core.State;
using Xunit;

namespace Etl.Connectors.Gcp.Tests.BigQuery;

public sealed class WriteModeTests : Cloud
{
    private static readonly TableSchema Schema = new([
        new Column("order_id", ColumnType.Int64),
        new Column("ordered_at", ColumnType.Timestamp),
        new Column("_etl_object", ColumnType.String) { Metadata = RowOrigin.Object },
    ]);

    private static BigQueryOptions Options => new() { Project = "acme-analytics", Dataset = "sales", Table = "orders" };

    private static BigQueryOptions Merging => Options with { Write = WriteDisposition.Merge, Key = ["order_id"], LatestBy = "ordered_at" };

    private static BigQueryOptions Partitioned => Options with { Partition = new BigQueryPartition { Column = "ordered_at" } };

    [Fact]
    public async Task MergeLoadsATemporaryTableThatExpiresAndMergesItByOneStatement()
    {
        JsonObject? temporary = null;
        Google.RunJob = body =>
        {
            temporary ??= Google.Tables.SingleOrDefault(t => t.Key != "orders").Value;
            return Answer(body);
        };
        using var sink = Sink(Merging);

        var receipt = await sink.CommitAsync(Run(), Receipts(1, 2), default);

        var name = $"etl_tmp_daily-orders_{Run().RunId}_";
        var load = Google.Jobs[$"etl_daily-orders_{Run().RunId}"]["configuration"]!["load"]!;
        Assert.StartsWith(name, (string?)load["destinationTable"]!["tableId"], StringComparison.Ordinal);
        Assert.Equal(("WRITE_EMPTY", "CREATE_NEVER"), ((string?)load["writeDisposition"], (string?)load["createDisposition"]));
        Assert.InRange(long.Parse(temporary!["expirationTime"]!.ToString(), System.Globalization.CultureInfo.InvariantCulture) - Time.GetUtcNow().ToUnixTimeMilliseconds(), 47 * 3_600_000L, 49 * 3_600_000L);
        var sql = (string)Google.Jobs[$"etl_daily-orders_{Run().RunId}_merge"]["configuration"]!["query"]!["query"]!;
        Assert.StartsWith("MERGE INTO `acme-analytics.sales.orders` AS t\nUSING (SELECT * FROM `acme-analytics.sales." + name, sql, StringComparison.Ordinal);
        Assert.Contains("ON t.`order_id` = s.`order_id`", sql, StringComparison.Ordinal);
        Assert.Equal(["orders"], Google.Tables.Keys);
        Assert.Equal((3L, new RowChanges(2, 1, 0)), (receipt.Rows, receipt.Changes));
        Assert.EndsWith("_merge", receipt.Job, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AskedAgainWhenAllIsDoneNothingIsLoadedOrMadeAgain()
    {
        using var sink = Sink(Merging);
        var first = await sink.CommitAsync(Run(), Receipts(1, 2), default);
        using var again = Sink(Merging);

        Assert.Equal(first, await again.CommitAsync(Run(), Receipts(1, 2), default));

        Assert.Equal(2, Google.Jobs.Count);
        Assert.Equal(["orders"], Google.Tables.Keys);
    }

    [Fact]
    public async Task ATemporaryTableThatExpiredBeforeTheMergeIsLoadedAnewUnderAnotherName()
    {
        var failing = true;
        Google.RunJob = body => body["configuration"]!["query"] is not null && failing ? FakeGoogle.Failed("backendError", "Try again.") : Answer(body);
        using var sink = Sink(Merging);
        Assert.True((await Assert.ThrowsAsync<ServiceException>(async () => await sink.CommitAsync(Run(), Receipts(1, 2), default))).Transient);
        var first = Google.Tables.Keys.Single(t => t != "orders");
        Google.Tables.TryRemove(first, out _);
        failing = false;

        var receipt = await sink.CommitAsync(Run(), Receipts(1, 2), default);

        Assert.EndsWith("_1", first, StringComparison.Ordinal);
        Assert.EndsWith("_merge_2", receipt.Job, StringComparison.Ordinal);
        Assert.EndsWith("_2", (string?)Google.Jobs[$"etl_daily-orders_{Run().RunId}_2"]["configuration"]!["load"]!["destinationTable"]!["tableId"], StringComparison.Ordinal);
        Assert.Contains(first[..^1] + "2`", (string?)Google.Jobs[receipt.Job]["configuration"]!["query"]!["query"], StringComparison.Ordinal);
        Assert.Equal(["orders"], Google.Tables.Keys);
    }

    [Fact]
    public async Task WhenTheTemporaryTableHoldsOtherRowsThanWereStagedNothingIsMerged()
    {
        using var sink = Sink(Merging);

        var error = await Assert.ThrowsAsync<DataException>(async () => await sink.CommitAsync(Run(), Receipts(1, 1), default));

        Assert.Contains("loaded 3 rows into a temporary table", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Google.Jobs.Values, j => j["configuration"]!["query"] is not null);
    }

    [Fact]
    public async Task ANewColumnIsThereBeforeTheMerge()
    {
        using var sink = Sink(Merging);
        await sink.CommitAsync(Run(), Receipts(1, 2), default);
        var wider = new TableSchema([.. Schema.Columns, new Column("note", ColumnType.String)]);

        await sink.CommitAsync(Run(wider), Receipts(1, 2), default);

        Assert.Equal(["order_id", "ordered_at", "_etl_object", "note"], Google.Tables["orders"]["schema"]!["fields"]!.AsArray().Select(f => (string?)f!["name"]));
    }

    [Fact]
    public async Task ReplacedPartitionsAreNamedInTheStatementNeighboursTogether()
    {
        var fields = new JsonObject { ["fields"] = new JsonArray(new JsonObject { ["name"] = "part", ["type"] = "TIMESTAMP" }) };
        var days = new[] { new DateTimeOffset(2026, 11, 26, 0, 0, 0, default), new(2026, 11, 25, 0, 0, 0, default), new(2026, 12, 1, 0, 0, 0, default) };
        Google.QueryPages.Enqueue(new JsonObject
        {
            ["jobComplete"] = true,
            ["schema"] = fields,
            ["totalRows"] = "4",
            ["rows"] = new JsonArray([.. days.Select(d => JsonNode.Parse($$"""{"f":[{"v":"{{d.ToUnixTimeMilliseconds()}}000"}]}""")), JsonNode.Parse("""{"f":[{"v":null}]}""")]),
        });
        using var sink = Sink(Partitioned with { Write = WriteDisposition.ReplacePartitions });

        var receipt = await sink.CommitAsync(Run(), Receipts(1, 2), default);

        Assert.Contains("SELECT DISTINCT TIMESTAMP_TRUNC(`ordered_at`, DAY)", Google.Jobs.Values.Select(j => (string?)j["configuration"]!["query"]?["query"] ?? "").Single(q => q.StartsWith("SELECT", StringComparison.Ordinal)), StringComparison.Ordinal);
        var sql = (string)Google.Jobs[receipt.Job]["configuration"]!["query"]!["query"]!;
        Assert.Contains(
            "ON FALSE\nWHEN NOT MATCHED BY SOURCE AND ((t.`ordered_at` >= TIMESTAMP '2026-11-25 00:00:00+00:00' AND t.`ordered_at` < TIMESTAMP '2026-11-27 00:00:00+00:00')"
            + " OR (t.`ordered_at` >= TIMESTAMP '2026-12-01 00:00:00+00:00' AND t.`ordered_at` < TIMESTAMP '2026-12-02 00:00:00+00:00') OR t.`ordered_at` IS NULL) THEN DELETE\n"
            + "WHEN NOT MATCHED BY TARGET THEN INSERT (`order_id`, `ordered_at`, `_etl_object`) VALUES (s.`order_id`, s.`ordered_at`, s.`_etl_object`)",
            sql, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OnePartitionIsReplacedByALoadIntoItsDecorator()
    {
        using var sink = Sink(Partitioned with { Write = WriteDisposition.Replace, PartitionId = "20261125" });
        await sink.CommitAsync(Run(), Receipts(1, 2), default);
        var load = Google.Jobs.Single().Value["configuration"]!["load"]!;
        Assert.Equal(("orders$20261125", "WRITE_TRUNCATE"), ((string?)load["destinationTable"]!["tableId"], (string?)load["writeDisposition"]));

        Google.RunJob = _ => new JsonObject { ["status"] = new JsonObject { ["state"] = "DONE" } };
        await sink.CommitAsync(Run(new TableSchema([.. Schema.Columns.Take(2)])), [], default);
        Assert.Contains(Google.Jobs.Values, j => (string?)j["configuration"]!["query"]?["query"] == "DELETE FROM `acme-analytics.sales.orders` WHERE (`ordered_at` >= TIMESTAMP '2026-11-25 00:00:00+00:00' AND `ordered_at` < TIMESTAMP '2026-11-26 00:00:00+00:00')");
    }

    [Fact]
    public async Task ChangedObjectsAreReplacedByTheirAddressesAsAParameter()
    {
        using var sink = Sink(Options);

        var receipt = await sink.CommitAsync(Run(replaces: ["s3://a/it's; DROP TABLE x.csv"]), Receipts(1, 2), default);

        var query = Google.Jobs[receipt.Job]["configuration"]!["query"]!;
        Assert.DoesNotContain("DROP", (string?)query["query"], StringComparison.Ordinal);
        Assert.Contains("t.`_etl_object` IN UNNEST(@objects)) THEN DELETE", (string?)query["query"], StringComparison.Ordinal);
        Assert.Equal("s3://a/it's; DROP TABLE x.csv", (string?)query["queryParameters"]![0]!["parameterValue"]!["arrayValues"]![0]!["value"]);
    }

    [Fact]
    public async Task ChangedObjectsThatHaveNoRowAnyMoreLoseTheirOldOnes()
    {
        using var sink = Sink(Options);

        var receipt = await sink.CommitAsync(Run(replaces: ["s3://a/empty.csv"]), [], default);

        Assert.EndsWith("_merge", receipt.Job, StringComparison.Ordinal);
        Assert.Equal(0, receipt.Rows);
        Assert.Equal(["orders"], Google.Tables.Keys);
    }

    [Fact]
    public async Task TemporaryTablesOfAPipelineAreListedAndRemoved()
    {
        using var sink = Sink(Merging);
        Google.RunJob = body => body["configuration"]!["query"] is not null ? FakeGoogle.Failed("backendError", "Try again.") : Answer(body);
        await Assert.ThrowsAsync<ServiceException>(async () => await sink.CommitAsync(Run(), Receipts(1, 2), default));
        Google.Tables["etl_tmp_other_0123456789abcdef0123_01234567_1"] = new JsonObject { ["tableReference"] = new JsonObject { ["tableId"] = "etl_tmp_other_0123456789abcdef0123_01234567_1" } };

        var found = Assert.Single(await ((IStoredObjects)sink).ListAsync("daily orders/", default).ToListAsync());
        await ((IStoredObjects)sink).DeleteAsync(found, default);

        Assert.StartsWith($"daily orders/{Run().RunId}/etl_tmp_", found.Name, StringComparison.Ordinal);
        Assert.Equal(["etl_tmp_other_0123456789abcdef0123_01234567_1", "orders"], Google.Tables.Keys.Order());
    }

    [Theory]
    [InlineData(WriteDisposition.Merge, null, null, "write: merge needs key")]
    [InlineData(WriteDisposition.ReplacePartitions, null, null, "replace_partitions needs partition")]
    [InlineData(WriteDisposition.Append, PartitionUnit.Day, "20261125", "partition_id goes with write: replace")]
    [InlineData(WriteDisposition.Replace, PartitionUnit.Month, "20261125", "a month, such as 202611")]
    [InlineData(WriteDisposition.Replace, null, "20261125", "partition_id needs partition")]
    public void OptionsThatDoNotGoTogetherAreRefused(WriteDisposition write, PartitionUnit? unit, string? partition, string says)
    {
        var options = Options with { Write = write, PartitionId = partition, Partition = unit is { } by ? new BigQueryPartition { Column = "ordered_at", By = by } : null };

        Assert.Contains(says, Assert.Single(options.Validate(new System.ComponentModel.DataAnnotations.ValidationContext(options))).ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AKeyThatIsNotThereIsRefusedBeforeAnythingIsRead()
    {
        using var sink = Sink(Merging with { Key = ["id"] });

        Assert.Contains("key names the column id, which the run does not have", (await Assert.ThrowsAsync<DataException>(async () => await sink.CheckAsync(Run(), default))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plain", "`plain`", "'plain'")]
    [InlineData("a`b'c\\d\n", "`a\\`b'c\\\\d\\u000a`", "'a`b\\'c\\\\d\\u000a'")]
    public void WhateverATextHoldsItStaysANameOrAText(string text, string name, string literal)
    {
        Assert.Equal(name, GoogleSql.Name(text));
        Assert.Equal(literal, GoogleSql.Text(text));
    }

    private static JsonObject Answer(JsonObject body) => body["configuration"]!["query"] is null ? FakeGoogle.Done(3) : new JsonObject
    {
        ["status"] = new JsonObject { ["state"] = "DONE" },
        ["statistics"] = new JsonObject { ["query"] = new JsonObject { ["dmlStats"] = new JsonObject { ["insertedRowCount"] = "2", ["updatedRowCount"] = "1", ["deletedRowCount"] = "0" } } },
    };

    private BigQueryLoadSink Sink(BigQueryOptions options)
    {
        if (Google.RunJob == FakeGoogle.Usual) Google.RunJob = Answer;
        return new(options, Context());
    }

    private static RunManifest Run(TableSchema? schema = null, IReadOnlyList<string>? replaces = null) => new()
    {
        Pipeline = "daily orders",
        After = null,
        Replaces = replaces,
        OptionsDigest = "00",
        SinksDigest = "00",
        SourceSchema = schema ?? Schema,
        Schema = schema ?? Schema,
        Encoding = new StagingEncoding(StagingFormat.Parquet, StagingCompression.Zstd),
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
