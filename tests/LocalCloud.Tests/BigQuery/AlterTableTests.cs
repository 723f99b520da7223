using System.Net;
using Xunit;

namespace Etl.LocalCloud.Tests.BigQuery;

/// <summary>ALTER TABLE of columns, as BigQuery's reference says (data-definition-language, ALTER COLUMN SET DATA TYPE and its neighbours).</summary>
public sealed class AlterTableTests(LocalCloudFixture fixture) : IClassFixture<LocalCloudFixture>, IAsyncLifetime
{
    private BigQueryClient bigQuery = null!;

    public async ValueTask InitializeAsync() => bigQuery = new BigQueryClient(fixture.Server, await fixture.SignIn.TokenAsync());

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("INT64", "NUMERIC", "7", "7")]
    [InlineData("INT64", "BIGNUMERIC", "70", "70")]
    [InlineData("INT64", "FLOAT64", "7", "7.0")]
    [InlineData("NUMERIC", "BIGNUMERIC", "1.50", "1.5")]
    [InlineData("NUMERIC", "FLOAT64", "1.5", "1.5")]
    [InlineData("NUMERIC", "NUMERIC", "1.5", "1.5")]
    public async Task ATypeBecomesAWiderOneAndItsValuesStay(string from, string to, string value, string read)
    {
        var table = await MakeAsync(from, value);

        var (status, answer) = await bigQuery.QueryAsync($"ALTER TABLE `proj.d.{table}` ALTER COLUMN `c` SET DATA TYPE {to}");
        var again = await bigQuery.QueryAsync($"ALTER TABLE d.{table} ALTER COLUMN IF EXISTS C SET DATA TYPE {to};");

        Assert.True(status == HttpStatusCode.OK, answer.ToJsonString());
        Assert.Equal(HttpStatusCode.OK, again.Status);
        Assert.Equal([read], Assert.Single(await bigQuery.RowsAsync($"SELECT c FROM d.{table}")));
        Assert.Equal(to, (await TypesAsync(table))["c"] switch { "FLOAT" => "FLOAT64", var type => type });
    }

    [Theory]
    [InlineData("INT64", "STRING")]
    [InlineData("NUMERIC", "INT64")]
    [InlineData("BIGNUMERIC", "FLOAT64")]
    [InlineData("FLOAT64", "NUMERIC")]
    [InlineData("STRING", "INT64")]
    [InlineData("DATE", "DATETIME")]
    public async Task AnyOtherTypeIsRefused(string from, string to)
    {
        var table = await MakeAsync(from, null);

        var (status, answer) = await bigQuery.QueryAsync($"ALTER TABLE d.{table} ALTER COLUMN c SET DATA TYPE {to}");

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains($"existing column type ({from}) is assignable to the new type ({to})", (string?)answer["error"]!["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task ColumnsAreAddedAndRelaxed()
    {
        var table = await MakeAsync("INT64", "7", "REQUIRED");

        foreach (var sql in (string[])[$"ALTER TABLE d.{table} ADD COLUMN note STRING, ADD COLUMN IF NOT EXISTS c INT64", $"ALTER TABLE d.{table} ALTER COLUMN c DROP NOT NULL"])
            Assert.Equal(HttpStatusCode.OK, (await bigQuery.QueryAsync(sql)).Status);

        var (_, resource) = await bigQuery.CallAsync(HttpMethod.Get, $"datasets/d/tables/{table}");
        Assert.Equal(["c INTEGER NULLABLE", "note STRING NULLABLE"], resource["schema"]!["fields"]!.AsArray().Select(f => $"{f!["name"]} {f["type"]} {f["mode"]}"));
        Assert.Equal(["7", null], Assert.Single(await bigQuery.RowsAsync($"SELECT c, note FROM d.{table}")));
    }

    [Theory]
    [InlineData("ADD COLUMN c INT64", "already exists")]
    [InlineData("ADD COLUMN x INT64 NOT NULL", "Cannot add required fields")]
    [InlineData("ALTER COLUMN x DROP NOT NULL", "Column not found: x")]
    [InlineData("ALTER COLUMN c SET DATA TYPE", "Unexpected end")]
    [InlineData("RENAME TO other", "knows ADD COLUMN and ALTER COLUMN")]
    public async Task WhatCannotBeDoneIsSaidAndTheTableStays(string action, string why)
    {
        var table = await MakeAsync("INT64", "7");

        var (status, answer) = await bigQuery.QueryAsync($"ALTER TABLE d.{table} {action}");

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains(why, (string?)answer["error"]!["message"], StringComparison.Ordinal);
        Assert.Equal("INTEGER", Assert.Single(await TypesAsync(table)).Value);
    }

    [Fact]
    public async Task ALoadRelaxesAndAddsOnlyWhenItMay()
    {
        var table = await MakeAsync("INT64", "7", "REQUIRED");
        await bigQuery.PutAsync($"{table}.csv", "x,\ny,8\n");
        const string schema = "\"sourceFormat\": \"CSV\", \"schema\": {\"fields\": [{\"name\": \"note\", \"type\": \"STRING\"}, {\"name\": \"C\", \"type\": \"INT64\"}]}";

        var refused = await bigQuery.LoadAsync(table, $"gs://loads/{table}.csv", schema + ", \"schemaUpdateOptions\": [\"ALLOW_FIELD_ADDITION\"]");
        var loaded = await bigQuery.LoadAsync(table, $"gs://loads/{table}.csv", schema + ", \"schemaUpdateOptions\": [\"ALLOW_FIELD_ADDITION\", \"ALLOW_FIELD_RELAXATION\"]");

        Assert.Contains("Field c has changed mode from REQUIRED to NULLABLE", (string?)refused["status"]!["errorResult"]!["message"], StringComparison.Ordinal);
        Assert.True(loaded["status"]!["errorResult"] is null, loaded.ToJsonString());
        // CSV is matched by place, in the order of the job's schema and not the table's.
        Assert.Equal(["7 ", " x", "8 y"], (await bigQuery.RowsAsync($"SELECT c, note FROM d.{table} ORDER BY note NULLS FIRST, c")).Select(r => $"{r[0]} {r[1]}"));
    }

    private async Task<string> MakeAsync(string type, string? value, string mode = "NULLABLE")
    {
        var table = "t" + Guid.NewGuid().ToString("N");
        var (status, answer) = await bigQuery.CallAsync(HttpMethod.Post, "datasets/d/tables", $$$"""{"tableReference": {"tableId": "{{{table}}}"}, "schema": {"fields": [{"name": "c", "type": "{{{type}}}", "mode": "{{{mode}}}"}]}}""");
        Assert.True(status == HttpStatusCode.OK, answer.ToJsonString());
        if (value is null) return table;
        await bigQuery.PutAsync($"{table}.csv", value + "\n");
        var job = await bigQuery.LoadAsync(table, $"gs://loads/{table}.csv", "\"sourceFormat\": \"CSV\"");
        Assert.True(job["status"]!["errorResult"] is null, job.ToJsonString());
        return table;
    }

    private async Task<Dictionary<string, string>> TypesAsync(string table)
    {
        var (_, resource) = await bigQuery.CallAsync(HttpMethod.Get, $"datasets/d/tables/{table}");
        return resource["schema"]!["fields"]!.AsArray().ToDictionary(f => (string)f!["name"]!, f => (string)f!["type"]!);
    }
}
