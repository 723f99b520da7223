using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using DuckDB.NET.Data;
using Xunit;

namespace Etl.LocalCloud.Tests.BigQuery;

public sealed class BigQueryTests(LocalCloudFixture fixture) : IClassFixture<LocalCloudFixture>, IAsyncLifetime
{
    private const string Csv = "\"sourceFormat\": \"CSV\", \"skipLeadingRows\": 1, \"schema\": {\"fields\": [{\"name\": \"id\", \"type\": \"INTEGER\", \"mode\": \"REQUIRED\"}, {\"name\": \"name\", \"type\": \"STRING\"}]}";
    private BigQueryClient bigQuery = null!;

    public async ValueTask InitializeAsync() => bigQuery = new BigQueryClient(fixture.Server, await fixture.SignIn.TokenAsync());

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task WithoutATokenNothingIsAnswered()
    {
        var (status, body) = await new BigQueryClient(fixture.Server, "").CallAsync(HttpMethod.Get, "datasets/d");

        Assert.Equal(HttpStatusCode.Unauthorized, status);
        Assert.Equal("required", body["error"]!["errors"]![0]!["reason"]!.GetValue<string>());
    }

    [Fact]
    public async Task ATableIsMadeChangedAndRemoved()
    {
        const string table = """{"tableReference": {"tableId": "made"}, "schema": {"fields": [{"name": "id", "type": "INT64", "mode": "REQUIRED"}, {"name": "day", "type": "DATE"}]}, "timePartitioning": {"type": "DAY", "field": "day"}, "clustering": {"fields": ["id"]}, "labels": {"team": "core"}}""";
        var (made, resource) = await bigQuery.CallAsync(HttpMethod.Post, "datasets/d/tables", table);
        var (again, duplicate) = await bigQuery.CallAsync(HttpMethod.Post, "datasets/d/tables", table);
        var (patched, _) = await bigQuery.CallAsync(HttpMethod.Patch, "datasets/d/tables/made", """{"schema": {"fields": [{"name": "id", "type": "INTEGER"}, {"name": "day", "type": "DATE"}, {"name": "note", "type": "STRING"}]}}""");
        var (refused, change) = await bigQuery.CallAsync(HttpMethod.Patch, "datasets/d/tables/made", """{"schema": {"fields": [{"name": "id", "type": "STRING"}, {"name": "day", "type": "DATE"}, {"name": "note", "type": "STRING"}]}}""");
        var (_, got) = await bigQuery.CallAsync(HttpMethod.Get, "datasets/d/tables/made");
        var (removed, _) = await bigQuery.CallAsync(HttpMethod.Delete, "datasets/d/tables/made");
        var (gone, missing) = await bigQuery.CallAsync(HttpMethod.Get, "datasets/d/tables/made");

        Assert.Equal((HttpStatusCode.OK, "day"), (made, resource["timePartitioning"]!["field"]!.GetValue<string>()));
        Assert.Equal((HttpStatusCode.Conflict, "Already Exists: Table proj:d.made"), (again, Message(duplicate)));
        Assert.Equal(HttpStatusCode.OK, patched);
        Assert.Equal(HttpStatusCode.BadRequest, refused);
        Assert.Contains("Field id has changed type from INTEGER to STRING", Message(change), StringComparison.Ordinal);
        Assert.Equal(["id NULLABLE", "day NULLABLE", "note NULLABLE"], got["schema"]!["fields"]!.AsArray().Select(f => $"{f!["name"]} {f["mode"]}"));
        Assert.Equal("core", got["labels"]!["team"]!.GetValue<string>());
        Assert.Equal("0", got["numRows"]!.GetValue<string>());
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotFound, "Not found: Table proj:d.made"), (removed, gone, Message(missing)));
    }

    [Theory]
    [InlineData("""{"tableReference": {"tableId": "t"}, "schema": {"fields": [{"name": "a b!", "type": "INT64"}]}}""", "Invalid field name")]
    [InlineData("""{"tableReference": {"tableId": "t"}, "schema": {"fields": [{"name": "_TABLE_x", "type": "INT64"}]}}""", "Invalid field name")]
    [InlineData("""{"tableReference": {"tableId": "t"}, "schema": {"fields": [{"name": "a", "type": "INT64"}, {"name": "A", "type": "INT64"}]}}""", "Duplicate field name")]
    [InlineData("""{"tableReference": {"tableId": "t"}, "schema": {"fields": [{"name": "a", "type": "STRING"}]}, "timePartitioning": {"type": "DAY", "field": "a"}}""", "can only be of type TIMESTAMP, DATE or DATETIME")]
    [InlineData("""{"tableReference": {"tableId": "t"}, "schema": {"fields": [{"name": "a", "type": "RECORD"}]}}""", "no RECORD fields")]
    public async Task ASchemaThatBigQueryRefusesIsRefused(string table, string why)
    {
        var (status, body) = await bigQuery.CallAsync(HttpMethod.Post, "datasets/d/tables", table);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains(why, Message(body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ParquetOfEveryTypeIsLoadedAndRead()
    {
        var path = Path.Combine(fixture.Folder, "types.parquet");
        using (var duckDb = new DuckDBConnection("Data Source=:memory:"))
        {
            duckDb.Open();
            using var command = duckDb.CreateCommand();
            command.CommandText = $"SET TimeZone='UTC'; COPY (SELECT 9223372036854775807::BIGINT AS i, 1.5::DOUBLE AS f, 123456789.123456789::DECIMAL(38,9) AS n, true AS b, 'ねこ' AS s, DATE '2024-02-29' AS d, TIME '23:59:59.123456' AS t, TIMESTAMP '2024-02-29 12:00:00.000001' AS dt, TIMESTAMPTZ '2024-02-29 12:00:00.000001+00' AS ts UNION ALL SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL) TO '{path}' (FORMAT parquet)";
            command.ExecuteNonQuery();
        }

        await bigQuery.PutAsync("types.parquet", await File.ReadAllBytesAsync(path));
        var job = await bigQuery.LoadAsync("types", "gs://loads/types.parquet", "\"sourceFormat\": \"PARQUET\"");
        var rows = await bigQuery.RowsAsync("SELECT * FROM `proj.d.types` ORDER BY i NULLS LAST");
        var (_, table) = await bigQuery.CallAsync(HttpMethod.Get, "datasets/d/tables/types");

        Assert.True(job["status"]!["errorResult"] is null, job.ToJsonString());
        Assert.Equal("2", job["statistics"]!["load"]!["outputRows"]!.GetValue<string>());
        Assert.Equal(["INTEGER", "FLOAT", "NUMERIC", "BOOLEAN", "STRING", "DATE", "TIME", "DATETIME", "TIMESTAMP"], table["schema"]!["fields"]!.AsArray().Select(f => f!["type"]!.GetValue<string>()));
        Assert.Equal(["9223372036854775807", "1.5", "123456789.123456789", "true", "ねこ", "2024-02-29", "23:59:59.123456", "2024-02-29T12:00:00.000001", "1709208000000001"], rows[0]);
        Assert.All(rows[1], Assert.Null);
    }

    [Fact]
    public async Task AParquetColumnOfAnotherTypeIsRefused()
    {
        var path = Path.Combine(fixture.Folder, "text.parquet");
        using (var duckDb = new DuckDBConnection("Data Source=:memory:"))
        {
            duckDb.Open();
            using var command = duckDb.CreateCommand();
            command.CommandText = $"COPY (SELECT 'x' AS id) TO '{path}' (FORMAT parquet)";
            command.ExecuteNonQuery();
        }

        await bigQuery.PutAsync("text.parquet", await File.ReadAllBytesAsync(path));
        var job = await bigQuery.LoadAsync("typed", "gs://loads/text.parquet", "\"sourceFormat\": \"PARQUET\", \"schema\": {\"fields\": [{\"name\": \"id\", \"type\": \"INT64\"}]}");

        Assert.Contains("Parquet column 'id' has type BYTE_ARRAY which does not match the target cpp_type INT64. File: gs://loads/text.parquet", Error(job), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CsvIsLoadedWithItsQuotesAndNulls()
    {
        await bigQuery.PutAsync("good.csv.gz", Gzip("id,name\n1,\"a, \"\"b\"\"\nc\"\n2,\n3,\"\"\n"));
        var job = await bigQuery.LoadAsync("csv", "gs://loads/good.csv.gz", Csv + ", \"allowQuotedNewlines\": true");

        Assert.True(job["status"]!["errorResult"] is null, job.ToJsonString());
        Assert.Equal([["1", "a, \"b\"\nc"], ["2", null], ["3", ""]], await bigQuery.RowsAsync("SELECT id, name FROM d.csv ORDER BY id"));
    }

    [Fact]
    public async Task ABadValueFailsTheWholeLoadAndIsNamed()
    {
        await bigQuery.PutAsync("ok.csv", "id,name\n1,a\n");
        await bigQuery.PutAsync("bad.csv", "id,name\n2,b\nthree,c\n");
        await bigQuery.LoadAsync("strict", "gs://loads/ok.csv", Csv);

        var job = await bigQuery.LoadAsync("strict", "gs://loads/bad.csv", Csv);
        var tolerant = await bigQuery.LoadAsync("tolerant", "gs://loads/bad.csv", Csv + ", \"maxBadRecords\": 1");

        Assert.Contains("CSV table encountered too many errors, giving up. Rows: 2; errors: 1.", Error(job), StringComparison.Ordinal);
        Assert.Contains(job["status"]!["errors"]!.AsArray(), e => e!["message"]!.GetValue<string>().Contains("Could not parse 'three' as INT64 for field id (position 0) starting at location 12 with message 'Unable to parse' File: gs://loads/bad.csv", StringComparison.Ordinal));
        Assert.Equal([["1"]], await bigQuery.RowsAsync("SELECT COUNT(*) FROM d.strict"));
        Assert.Equal(("1", "1"), (tolerant["statistics"]!["load"]!["outputRows"]!.GetValue<string>(), tolerant["statistics"]!["load"]!["badRecords"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData("id,name\n1,a\0b\n", "Bad character (ASCII 0) encountered")]
    [InlineData("id,name\n,a\n", "too many errors")]
    [InlineData("id,name\n1,a,extra\n", "too many errors")]
    public async Task ABadFileIsRefused(string text, string why)
    {
        await bigQuery.PutAsync("refused.csv", text);

        var job = await bigQuery.LoadAsync("refused", "gs://loads/refused.csv", Csv);

        Assert.Contains(why, Error(job), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await bigQuery.CallAsync(HttpMethod.Get, "datasets/d/tables/refused")).Status);
    }

    [Fact]
    public async Task JsonLinesAreLoaded()
    {
        await bigQuery.PutAsync("rows.ndjson", "{\"id\": 1, \"name\": \"ね\"}\n{\"name\": null, \"id\": \"2\"}\n");
        var job = await bigQuery.LoadAsync("json", "gs://loads/rows.ndjson", Csv.Replace("\"CSV\", \"skipLeadingRows\": 1", "\"NEWLINE_DELIMITED_JSON\"", StringComparison.Ordinal));

        Assert.True(job["status"]!["errorResult"] is null, job.ToJsonString());
        Assert.Equal([["1", "ね"], ["2", null]], await bigQuery.RowsAsync("SELECT id, name FROM d.json ORDER BY id"));
    }

    [Fact]
    public async Task DispositionsAndSchemaUpdatesAreHonoured()
    {
        await bigQuery.PutAsync("modes-one.csv", "id,name\n1,a\n");
        await bigQuery.PutAsync("modes-wide.csv", "id,name,note\n2,b,n\n");
        await bigQuery.LoadAsync("modes", "gs://loads/modes-one.csv", Csv);
        var wide = Csv.Replace("{\"name\": \"name\", \"type\": \"STRING\"}", "{\"name\": \"name\", \"type\": \"STRING\"}, {\"name\": \"note\", \"type\": \"STRING\"}", StringComparison.Ordinal);

        var empty = await bigQuery.LoadAsync("modes", "gs://loads/modes-one.csv", Csv + ", \"writeDisposition\": \"WRITE_EMPTY\"");
        var refused = await bigQuery.LoadAsync("modes", "gs://loads/modes-wide.csv", wide);
        var added = await bigQuery.LoadAsync("modes", "gs://loads/modes-wide.csv", wide + ", \"schemaUpdateOptions\": [\"ALLOW_FIELD_ADDITION\"]");
        var both = await bigQuery.RowsAsync("SELECT id, note FROM d.modes ORDER BY id");
        await bigQuery.LoadAsync("modes", "gs://loads/modes-on*.csv", Csv + ", \"writeDisposition\": \"WRITE_TRUNCATE\"");
        var never = await bigQuery.LoadAsync("never", "gs://loads/modes-one.csv", Csv + ", \"createDisposition\": \"CREATE_NEVER\"");
        var missing = await bigQuery.LoadAsync("modes", "gs://loads/no-such.csv", Csv);

        Assert.Equal("Already Exists: Table proj:d.modes", Error(empty));
        Assert.Contains("Cannot add fields (field: note)", Error(refused), StringComparison.Ordinal);
        Assert.True(added["status"]!["errorResult"] is null, added.ToJsonString());
        Assert.Equal([["1", null], ["2", "n"]], both);
        Assert.Equal([["1", "a"]], await bigQuery.RowsAsync("SELECT * FROM d.modes"));
        Assert.Equal("Not found: Table proj:d.never", Error(never));
        Assert.Equal("Not found: URI gs://loads/no-such.csv", Error(missing));
    }

    [Fact]
    public async Task AJobsIdIsGoodOnceAlsoAfterARestart()
    {
        await bigQuery.PutAsync("once.csv", "id,name\n1,a\n");
        await bigQuery.LoadAsync("once", "gs://loads/once.csv", Csv, "the-id");

        var again = await bigQuery.LoadAsync("once", "gs://loads/once.csv", Csv, "the-id");

        Assert.Equal("Already Exists: Job proj:US.the-id", Message(again));
        Assert.Equal("duplicate", again["error"]!["errors"]![0]!["reason"]!.GetValue<string>());
        var folder = Directory.CreateTempSubdirectory("etl-bigquery-").FullName;
        foreach (var round in new[] { 1, 2 })
        {
            await using var server = await LocalCloudServer.StartAsync(new LocalCloudOptions { DataFolder = folder }, default);
            var client = new BigQueryClient(server, await new GoogleSignIn(server).TokenAsync());
            await client.PutAsync("once.csv", "id,name\n1,a\n");
            var job = await client.LoadAsync("once", "gs://loads/once.csv", Csv, "lasting");
            Assert.Equal(round == 2, job["error"] is not null);
            Assert.Equal([["1"]], await client.RowsAsync("SELECT COUNT(*) FROM d.once"));
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task TwoFirstLoadsIntoOneTableBothStay()
    {
        await bigQuery.PutAsync("both-1.csv", "id,name\n1,a\n");
        await bigQuery.PutAsync("both-2.csv", "id,name\n2,b\n");

        await Task.WhenAll(bigQuery.LoadAsync("both", "gs://loads/both-1.csv", Csv), bigQuery.LoadAsync("both", "gs://loads/both-2.csv", Csv));

        Assert.Equal([["1"], ["2"]], await bigQuery.RowsAsync("SELECT id FROM d.both ORDER BY id"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AJobThatItsProcessLeftRunningIsSettledByItsRows(bool loaded)
    {
        var folder = Directory.CreateTempSubdirectory("etl-bigquery-").FullName;
        await using (var server = await LocalCloudServer.StartAsync(new LocalCloudOptions { DataFolder = folder }, default))
        {
            var client = new BigQueryClient(server, await new GoogleSignIn(server).TokenAsync());
            await client.PutAsync("left.csv", "id,name\n1,a\n");
            await client.LoadAsync("left", loaded ? "gs://loads/left.csv" : "gs://loads/no-such.csv", Csv, "left");
        }

        // As a process that died before it could write down what became of the job leaves it.
        var document = Directory.GetFiles(Path.Combine(folder, "bigquery", "jobs")).Single();
        var job = JsonNode.Parse(await File.ReadAllTextAsync(document))!;
        job["status"] = new JsonObject { ["state"] = "RUNNING" };
        job["statistics"]!.AsObject().Remove("load");
        await File.WriteAllTextAsync(document, job.ToJsonString());
        await using (var server = await LocalCloudServer.StartAsync(new LocalCloudOptions { DataFolder = folder }, default))
        {
            var client = new BigQueryClient(server, await new GoogleSignIn(server).TokenAsync());
            var (_, settled) = await client.CallAsync(HttpMethod.Get, "jobs/left");

            Assert.Equal("DONE", settled["status"]!["state"]!.GetValue<string>());
            Assert.Equal(loaded ? null : "backendError", settled["status"]!["errorResult"]?["reason"]!.GetValue<string>());
            Assert.Equal(loaded ? "1" : null, settled["statistics"]!["load"]?["outputRows"]!.GetValue<string>());
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task AnInstantIsExactInSecondsToo()
    {
        var (_, answer) = await bigQuery.CallAsync(HttpMethod.Post, "queries", """{"query": "SELECT CAST('2024-02-29 12:02:03.5+00' AS TIMESTAMP)", "useLegacySql": false}""");

        Assert.Equal(1709208123.5, double.Parse(answer["rows"]![0]!["f"]![0]!["v"]!.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task NumbersOfManyDigitsComeBackExact() =>
        Assert.Equal([["-99999999999999999999999999999.999999999", "0.1"]], await bigQuery.RowsAsync("SELECT CAST('-99999999999999999999999999999.999999999' AS NUMERIC), CAST('0.100000000' AS NUMERIC)"));

    [Fact]
    public async Task GoogleSqlIsTranslated()
    {
        await bigQuery.PutAsync("sql.csv", "id,name\n1,a\n2,from `x`\n3,\n");
        await bigQuery.LoadAsync("sql", "gs://loads/sql.csv", Csv);

        Assert.Equal([["2", "1"]], await bigQuery.RowsAsync("SELECT COUNTIF(name IS NOT NULL) AS n, COUNTIF(name = 'from `x`') AS m FROM `proj.d.sql` -- FROM nowhere\n"));
        Assert.Equal([["1", null]], await bigQuery.RowsAsync("SELECT CAST('1' AS INT64), SAFE_CAST('x' AS INT64)"));
        Assert.Equal([["small"], ["big"], ["big"]], await bigQuery.RowsAsync("SELECT IF(id < 2, 'small', \"big\") FROM proj.d.sql AS t ORDER BY t.id"));
        Assert.Equal([["6"]], await bigQuery.RowsAsync("WITH x AS (SELECT id FROM `proj`.`d`.`sql`) SELECT SUM(id) FROM x"));
        Assert.Equal((HttpStatusCode.BadRequest, "invalidQuery"), Refusal(await bigQuery.QueryAsync("SELEC 1")));
        Assert.Equal((HttpStatusCode.NotFound, "notFound"), Refusal(await bigQuery.QueryAsync("SELECT * FROM d.no_such")));
    }

    [Fact]
    public async Task StatementsThatChangeRowsSayHowMany()
    {
        await bigQuery.PutAsync("dml.csv", "id,name\n1,a\n2,b\n");
        await bigQuery.LoadAsync("dml", "gs://loads/dml.csv", Csv);

        var (_, updated) = await bigQuery.QueryAsync("UPDATE `proj.d.dml` SET name = 'z' WHERE id = 2");
        var (_, merged) = await bigQuery.QueryAsync("MERGE INTO `proj.d.dml` t USING (SELECT 2 AS id, 'y' AS name UNION ALL SELECT 3, 'c') s ON t.id = s.id WHEN MATCHED THEN UPDATE SET name = s.name WHEN NOT MATCHED THEN INSERT (id, name) VALUES (s.id, s.name)");

        Assert.Equal("1", updated["numDmlAffectedRows"]?.GetValue<string>());
        Assert.Equal("2", merged["numDmlAffectedRows"]?.GetValue<string>());
        Assert.Equal([["1", "a"], ["2", "y"], ["3", "c"]], await bigQuery.RowsAsync("SELECT * FROM d.dml ORDER BY id"));
        await bigQuery.QueryAsync("TRUNCATE TABLE `proj.d.dml`");
        Assert.Empty(await bigQuery.RowsAsync("SELECT * FROM d.dml"));
    }

    [Fact]
    public async Task ResultsComeInPages()
    {
        await bigQuery.CallAsync(HttpMethod.Post, "jobs", """{"jobReference": {"jobId": "pages"}, "configuration": {"query": {"query": "SELECT x FROM UNNEST(generate_series(1, 25)) AS t(x) ORDER BY x", "useLegacySql": false}}}""");
        var read = new List<string>();
        string? token = null;
        do
        {
            var (_, page) = await bigQuery.CallAsync(HttpMethod.Get, $"queries/pages?maxResults=10{(token is null ? "" : "&pageToken=" + token)}");
            Assert.Equal("25", page["totalRows"]!.GetValue<string>());
            read.AddRange(page["rows"]!.AsArray().Select(r => r!["f"]![0]!["v"]!.GetValue<string>()));
            token = page["pageToken"]?.GetValue<string>();
        }
        while (token is not null);

        Assert.Equal(Enumerable.Range(1, 25).Select(i => i.ToString()), read);
    }

    private static (HttpStatusCode, string) Refusal((HttpStatusCode Status, JsonNode Body) answer) => (answer.Status, answer.Body["error"]!["errors"]![0]!["reason"]!.GetValue<string>());

    private static string Message(JsonNode body) => body["error"]!["message"]!.GetValue<string>();

    private static string Error(JsonNode job) => job["status"]!["errorResult"]?["message"]?.GetValue<string>() ?? "no error: " + job.ToJsonString();

    private static byte[] Gzip(string text)
    {
        var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Fastest)) gzip.Write(Encoding.UTF8.GetBytes(text));
        return target.ToArray();
    }
}
