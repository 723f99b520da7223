using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using DuckDB.NET.Data;
using Xunit;

namespace Etl.LocalCloud.Tests.BigQuery;

/// <summary>Tables that a query defines itself, over files (JobConfigurationQuery.tableDefinitions).</summary>
public sealed class ExternalTableTests(LocalCloudFixture fixture) : IClassFixture<LocalCloudFixture>, IAsyncLifetime
{
    private const string Schema = "\"schema\": {\"fields\": [{\"name\": \"id\", \"type\": \"INTEGER\"}, {\"name\": \"name\", \"type\": \"STRING\"}]}";
    private BigQueryClient bigQuery = null!;

    public async ValueTask InitializeAsync() => bigQuery = new BigQueryClient(fixture.Server, await fixture.SignIn.TokenAsync());

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task ParquetIsReadByItsOwnSchema()
    {
        var path = Path.Combine(fixture.Folder, "external.parquet");
        using (var duckDb = new DuckDBConnection("Data Source=:memory:"))
        {
            duckDb.Open();
            using var command = duckDb.CreateCommand();
            command.CommandText = $"COPY (SELECT 1::BIGINT AS id, 1.5::DECIMAL(38,9) AS n UNION ALL SELECT 2, 2.5) TO '{path}' (FORMAT parquet)";
            command.ExecuteNonQuery();
        }

        await bigQuery.PutAsync("external.parquet", await File.ReadAllBytesAsync(path));

        Assert.Equal("3 4", await AskAsync("SELECT SUM(id) AS a, SUM(n) AS b FROM staged", """{"sourceFormat": "PARQUET", "sourceUris": ["gs://loads/external.parquet"], "decimalTargetTypes": ["NUMERIC", "BIGNUMERIC"]}"""));
        Assert.Contains("Schema is not allowed", await AskAsync("SELECT 1 AS a FROM staged", "{\"sourceFormat\": \"PARQUET\", \"sourceUris\": [\"gs://loads/external.parquet\"], " + Schema + "}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CsvAndJsonAreReadAsTheDefinitionSays()
    {
        await bigQuery.PutAsync("a.csv", "h;h\n1;'x\ny'\n2;z\n");
        await bigQuery.PutAsync("b.json.gz", Gzip("{\"id\": 3, \"name\": \"w\"}\n"));
        const string csv = "{\"sourceFormat\": \"CSV\", \"sourceUris\": [\"gs://loads/a.csv\"], \"csvOptions\": {\"skipLeadingRows\": \"1\", \"fieldDelimiter\": \";\", \"quote\": \"'\", \"allowQuotedNewlines\": true}, " + Schema + "}";
        const string json = "{\"sourceFormat\": \"NEWLINE_DELIMITED_JSON\", \"compression\": \"GZIP\", \"sourceUris\": [\"gs://loads/b.json.gz\"], " + Schema + "}";

        Assert.Equal("2 z", await AskAsync("WITH all_rows AS (SELECT * FROM `staged`) SELECT COUNT(*) AS n, MAX(name) AS m FROM all_rows", csv));
        Assert.Equal("3 w", await AskAsync("SELECT id, name FROM staged AS s", json));
        Assert.Contains("compression", await AskAsync("SELECT id FROM staged", json.Replace("\"compression\": \"GZIP\", ", "", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("No schema specified", await AskAsync("SELECT id FROM staged", csv.Replace(", " + Schema, "", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ItIsGoneAfterTheQueryAndAMissingFileIsNamed()
    {
        await bigQuery.PutAsync("c.csv", "1,x\n");
        var definition = "{\"sourceFormat\": \"CSV\", \"sourceUris\": [\"gs://loads/c.csv\"], " + Schema + "}";
        Assert.Equal("1", await AskAsync("SELECT COUNT(*) AS n FROM staged", definition));

        Assert.NotEqual(HttpStatusCode.OK, (await bigQuery.QueryAsync("SELECT COUNT(*) AS n FROM staged")).Status);
        Assert.Contains("Not found: URI gs://loads/none.csv", await AskAsync("SELECT 1 AS a FROM staged", definition.Replace("c.csv", "none.csv", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    // The answer's only row, or the error.
    private async Task<string> AskAsync(string sql, string definition)
    {
        var id = "ask_" + Guid.NewGuid().ToString("N");
        var (status, body) = await bigQuery.CallAsync(HttpMethod.Post, "jobs", new JsonObject
        {
            ["jobReference"] = new JsonObject { ["projectId"] = "proj", ["jobId"] = id },
            ["configuration"] = new JsonObject { ["query"] = new JsonObject { ["query"] = sql, ["useLegacySql"] = false, ["tableDefinitions"] = new JsonObject { ["staged"] = JsonNode.Parse(definition) } } },
        }.ToJsonString());
        Assert.True(status == HttpStatusCode.OK, body.ToJsonString());
        var (_, answer) = await bigQuery.CallAsync(HttpMethod.Get, $"queries/{id}?timeoutMs=60000");
        return answer["error"] is { } error ? (string)error["message"]! : string.Join(' ', answer["rows"]![0]!["f"]!.AsArray().Select(c => (string?)c!["v"]));
    }

    private static byte[] Gzip(string text)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionMode.Compress)) gzip.Write(Encoding.UTF8.GetBytes(text));
        return bytes.ToArray();
    }
}
