using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Etl.LocalCloud.Tests.BigQuery;

/// <summary>What write modes are made of: MERGE, partitions, tables that expire, parameters.</summary>
public sealed class StatementTests(LocalCloudFixture fixture) : IClassFixture<LocalCloudFixture>, IAsyncLifetime
{
    private const string Day = "\"sourceFormat\": \"CSV\", \"skipLeadingRows\": 1, \"schema\": {\"fields\": [{\"name\": \"id\", \"type\": \"INTEGER\"}, {\"name\": \"day\", \"type\": \"DATE\"}]}, \"timePartitioning\": {\"type\": \"DAY\", \"field\": \"day\"}";
    private BigQueryClient bigQuery = null!;

    public async ValueTask InitializeAsync() => bigQuery = new BigQueryClient(fixture.Server, await fixture.SignIn.TokenAsync());

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task AMergeTellsWhatItInsertedUpdatedAndDeletedAndItsIdIsGoodOnce()
    {
        await LoadAsync("merged", "id,day\n1,2026-11-25\n2,2026-11-25\n3,2026-11-26\n");
        const string sql = "MERGE `proj.d.merged` AS t USING (SELECT 1 AS id UNION ALL SELECT 2 UNION ALL SELECT 9) AS s ON t.id = s.id WHEN MATCHED AND s.id = 2 THEN DELETE WHEN MATCHED THEN UPDATE SET day = DATE '2026-12-01' WHEN NOT MATCHED THEN INSERT (id) VALUES (s.id)";

        var (_, answer) = await bigQuery.QueryAsync(sql);
        var (started, _) = await StartAsync("one-statement", "DELETE FROM `proj.d.merged` WHERE id = 100");
        var (again, refused) = await StartAsync("one-statement", "DELETE FROM `proj.d.merged` WHERE id = 100");

        Assert.Equal(("1", "1", "1", "3"), ((string?)answer["dmlStats"]!["insertedRowCount"], (string?)answer["dmlStats"]!["updatedRowCount"], (string?)answer["dmlStats"]!["deletedRowCount"], (string?)answer["numDmlAffectedRows"]));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Conflict), (started, again));
        Assert.Equal("Already Exists: Job proj:US.one-statement", refused["error"]!["message"]!.GetValue<string>());
        Assert.Equal([["1", "2026-12-01"], ["3", "2026-11-26"], ["9", null]], await bigQuery.RowsAsync("SELECT * FROM d.merged ORDER BY id"));
    }

    [Fact]
    public async Task AMergeThatMatchesARowTwiceFailsAndChangesNothing()
    {
        await LoadAsync("twice", "id,day\n1,2026-11-25\n");

        var (_, refused) = await bigQuery.QueryAsync("MERGE INTO `proj.d.twice` t USING (SELECT 1 AS id UNION ALL SELECT 1 UNION ALL SELECT 2) s ON t.id = s.id WHEN MATCHED THEN UPDATE SET day = NULL WHEN NOT MATCHED THEN INSERT (id) VALUES (id)");
        var (_, failed) = await bigQuery.QueryAsync("MERGE INTO `proj.d.twice` t USING (SELECT 2 AS id) s ON FALSE WHEN NOT MATCHED BY SOURCE AND IF(t.day IS NULL, FALSE, ERROR('not \\'so\\'')) THEN DELETE WHEN NOT MATCHED BY TARGET THEN INSERT (id) VALUES (s.id)");

        Assert.Equal("UPDATE/MERGE must match at most one source row for each target row", refused["error"]!["message"]!.GetValue<string>());
        Assert.Contains("not 'so'", failed["error"]!["message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal([["1", "2026-11-25"]], await bigQuery.RowsAsync("SELECT * FROM d.twice"));
    }

    [Fact]
    public async Task ALoadIntoAPartitionReplacesItAndTakesNoOtherRows()
    {
        await LoadAsync("parts", "id,day\n1,2026-11-25\n2,2026-11-26\n3,\n");
        await bigQuery.PutAsync("parts-new.csv", "id,day\n4,2026-11-25\n");
        await bigQuery.PutAsync("parts-other.csv", "id,day\n5,2026-11-25\n6,2026-11-27\n");

        var replaced = await bigQuery.LoadAsync("parts$20261125", "gs://loads/parts-new.csv", Day + ", \"writeDisposition\": \"WRITE_TRUNCATE\"");
        var mixed = await bigQuery.LoadAsync("parts$20261125", "gs://loads/parts-other.csv", Day + ", \"writeDisposition\": \"WRITE_TRUNCATE\"");
        var misnamed = await bigQuery.LoadAsync("parts$202611", "gs://loads/parts-new.csv", Day + ", \"writeDisposition\": \"WRITE_TRUNCATE\"");

        Assert.Null(replaced["status"]!["errorResult"]);
        Assert.Contains("Some rows belong to different partitions rather than destination partition 20261125", Error(mixed), StringComparison.Ordinal);
        Assert.Contains("Invalid partition decorator $202611", Error(misnamed), StringComparison.Ordinal);
        Assert.Equal([["2", "2026-11-26"], ["3", null], ["4", "2026-11-25"]], await bigQuery.RowsAsync("SELECT * FROM d.parts ORDER BY id"));
    }

    [Fact]
    public async Task ATableIsGoneWhenItExpires()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var folder = Directory.CreateTempSubdirectory("etl-bigquery-").FullName;
        await using (var server = await LocalCloudServer.StartAsync(new LocalCloudOptions { DataFolder = folder, Time = time }, default))
        {
            var client = new BigQueryClient(server, await new GoogleSignIn(server).TokenAsync());
            string Table(TimeSpan until) => new JsonObject { ["tableReference"] = new JsonObject { ["tableId"] = "short" }, ["schema"] = new JsonObject { ["fields"] = new JsonArray(new JsonObject { ["name"] = "id", ["type"] = "INT64" }) }, ["expirationTime"] = (time.GetUtcNow() + until).ToUnixTimeMilliseconds().ToString() }.ToJsonString();

            var (past, refused) = await client.CallAsync(HttpMethod.Post, "datasets/d/tables", Table(-TimeSpan.FromMinutes(1)));
            var (made, _) = await client.CallAsync(HttpMethod.Post, "datasets/d/tables", Table(TimeSpan.FromMinutes(10)));
            await client.QueryAsync("INSERT INTO d.short (id) VALUES (1)");
            time.Advance(TimeSpan.FromMinutes(11));
            var (gone, _) = await client.CallAsync(HttpMethod.Get, "datasets/d/tables/short");
            var (_, list) = await client.CallAsync(HttpMethod.Get, "datasets/d/tables");
            var (_, query) = await client.QueryAsync("SELECT * FROM d.short");
            var (anew, _) = await client.CallAsync(HttpMethod.Post, "datasets/d/tables", Table(TimeSpan.FromMinutes(10)));

            Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.OK, HttpStatusCode.NotFound, HttpStatusCode.OK), (past, made, gone, anew));
            Assert.Contains("expirationTime", refused["error"]!["message"]!.GetValue<string>(), StringComparison.Ordinal);
            Assert.Empty(list["tables"]!.AsArray());
            Assert.Contains("Not found: Table", query["error"]!["message"]!.GetValue<string>(), StringComparison.Ordinal);
            Assert.Empty(await client.RowsAsync("SELECT * FROM d.short"));
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task ParametersAreValuesWhateverTheyHold()
    {
        var (_, named) = await bigQuery.CallAsync(HttpMethod.Post, "queries", """
            {"query": "SELECT x FROM (SELECT 'it''s' AS x UNION ALL SELECT 'b') WHERE x IN UNNEST(@names) AND @n = 1", "useLegacySql": false, "parameterMode": "NAMED", "queryParameters": [
              {"name": "names", "parameterType": {"type": "ARRAY", "arrayType": {"type": "STRING"}}, "parameterValue": {"arrayValues": [{"value": "its'; DROP"}, {"value": "b"}]}},
              {"name": "n", "parameterType": {"type": "INT64"}, "parameterValue": {"value": "1"}}]}
            """.Replace("'it''s'", "'its'", StringComparison.Ordinal));
        var (_, placed) = await bigQuery.CallAsync(HttpMethod.Post, "queries", """{"query": "SELECT ? + ?", "useLegacySql": false, "parameterMode": "POSITIONAL", "queryParameters": [{"parameterType": {"type": "INT64"}, "parameterValue": {"value": "2"}}, {"parameterType": {"type": "INT64"}, "parameterValue": {"value": "40"}}]}""");
        var (_, missing) = await bigQuery.QueryAsync("SELECT @nobody");

        Assert.Equal("b", Assert.Single(named["rows"]!.AsArray())!["f"]![0]!["v"]!.GetValue<string>());
        Assert.Equal("42", placed["rows"]![0]!["f"]![0]!["v"]!.GetValue<string>());
        Assert.Contains("Query parameter 'nobody' not found", missing["error"]!["message"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TimesAreTruncatedToParts() => Assert.Equal(
        [["2026-11-01", "2026-11-25T05:00:00", "1795651200000000", "true"]],
        await bigQuery.RowsAsync("SELECT DATE_TRUNC(DATE '2026-11-25', MONTH), DATETIME_TRUNC(DATETIME '2026-11-25 05:06:07', HOUR), TIMESTAMP_TRUNC(TIMESTAMP '2026-11-26 05:06:07+00:00', DAY), 2 IN UNNEST([1, 2])"));

    private async Task LoadAsync(string table, string csv)
    {
        await bigQuery.PutAsync(table + ".csv", csv);
        Assert.Null((await bigQuery.LoadAsync(table, $"gs://loads/{table}.csv", Day))["status"]!["errorResult"]);
    }

    private Task<(HttpStatusCode Status, JsonNode Body)> StartAsync(string id, string sql) => bigQuery.CallAsync(HttpMethod.Post, "jobs", new JsonObject
    {
        ["jobReference"] = new JsonObject { ["jobId"] = id },
        ["configuration"] = new JsonObject { ["query"] = new JsonObject { ["query"] = sql, ["useLegacySql"] = false } },
    }.ToJsonString());

    private static string Error(JsonNode job) => job["status"]!["errorResult"]?["message"]?.GetValue<string>() ?? "no error: " + job.ToJsonString();
}
