using System.Text.Json;
using Xunit;

namespace Etl.EndToEnd.Tests;

/// <summary>What commands print for programs: JSON and nothing else on standard output.</summary>
public sealed class JsonTests : CloudTests
{
    private const string Pipeline = """
        name: shop
        source: { s3: { bucket: acme, prefix: in/ } }
        transforms: [ csv: { schema: infer, rejects: { max: 50% }, columns: [ { name: id, type: INT64 } ] } ]
        sinks:
          - gcs: { bucket: staging }
          - bigquery: { project: acme-analytics, dataset: d, table: shop }

        """;

    [Fact]
    public async Task StepsOfARunAndWhatIsDoneByHandAreObjects()
    {
        Workspace.Write("p.yaml", Pipeline);
        Workspace.Write("data/acme/in/2026-11-01.csv", "id,name,price\n1,緑茶,1.5\nx,水,2\n3,茶,3.25\n");

        Assert.Equal(["p.yaml"], (await LinesAsync("validate", "p.yaml", "--json")).Select(l => l.GetProperty("file").GetString()!));
        await Workspace.SucceedAsync("plan", "p.yaml", "--open");
        var staged = Assert.Single(await LinesAsync("stage", "p.yaml", "--task", "0", "--of", "1", "--json"));
        Assert.Equal(("shop", 1, 3, 2, 1), (staged.GetProperty("pipeline").GetString(), staged.GetProperty("splits").GetProperty("staged").GetInt32(), Rows(staged, "read"), Rows(staged, "staged"), Rows(staged, "rejected")));
        var committed = Assert.Single(await LinesAsync("commit", "p.yaml", "--json"));
        Assert.Equal((staged.GetProperty("run").GetString(), 2), (committed.GetProperty("run").GetString(), Rows(committed, "loaded")));

        Assert.Equal(1, Assert.Single(await LinesAsync("state", "backfill", "p.yaml", "--from", "2026-11-01", "--to", "2026-11-01", "--yes", "--json")).GetProperty("again").GetInt32());
        Assert.Equal(1, Assert.Single(await LinesAsync("state", "mark-loaded", "p.yaml", "**", "--json")).GetProperty("marked").GetInt32());
        Assert.Equal("all", Assert.Single(await LinesAsync("state", "reset", "p.yaml", "--yes", "--json")).GetProperty("forgotten").GetString());
        var garbage = Assert.Single(await LinesAsync("gc", "p.yaml", "--older-than", "0s", "--dry-run", "--json"));
        Assert.Equal((1, false), (garbage.GetProperty("runs").GetArrayLength(), garbage.GetProperty("removed").GetBoolean()));
    }

    [Fact]
    public async Task WhatIsWrittenOnThisMachineIsAnObjectToo()
    {
        Workspace.Write("a.csv", "id,day\n1,2026-11-01\n2,2026-11-02,x,y,z\n");

        var converted = Assert.Single(await LinesAsync("convert", "a.csv", "a.parquet", "--json"));
        var setup = Assert.Single(await LinesAsync("auth", "setup", "--project", "acme-analytics", "--project-number", "123456789012", "--role", "arn:aws:iam::123456789012:role/etl", "--bucket", "staging", "--json"));

        Workspace.Write("m.csv", "id,email\n1,user1@example.com\n2,user2@example.com\n");
        var init = Assert.Single(await LinesAsync("init", "--from", "m.csv", "--name", "m", "--staging", "acme-staging", "--project", "acme-analytics", "--dataset", "d", "--json"));

        Assert.Equal(("m.yaml", "acme-analytics.d.m", "email", "email"), (Path.GetFileName(init.GetProperty("file").GetString()), init.GetProperty("table").GetString(), init.GetProperty("mask")[0].GetString(), init.GetProperty("personal")[0].GetProperty("column").GetString()));
        Assert.Equal((2, 1, 1), (converted.GetProperty("rows_read").GetInt32(), converted.GetProperty("rows_written").GetInt32(), converted.GetProperty("rows_rejected").GetInt32()));
        Assert.Equal(["INT64", "DATE"], converted.GetProperty("columns").EnumerateArray().Select(c => c.GetProperty("type").GetString()!));
        Assert.True(File.Exists(converted.GetProperty("output").GetString()) && File.Exists(converted.GetProperty("rejects").GetString()));
        Assert.Contains("gcloud iam workload-identity-pools create", setup.GetProperty("script").GetString(), StringComparison.Ordinal);
        Assert.True(File.Exists(setup.GetProperty("files")[0].GetProperty("file").GetString()));
    }

    [Fact]
    public async Task RowsOfAQueryAreAllThereWithTheirTypes()
    {
        Workspace.Write("p.yaml", Pipeline);
        Workspace.Write("data/acme/in/a.csv", "id,name,price\n" + string.Concat(Enumerable.Range(1, 1500).Select(i => $"{i},茶{i},{i}.5\n")));
        await Workspace.SucceedAsync("run", "p.yaml");

        var rows = await LinesAsync("query", "SELECT id, name, price, NULL AS nothing FROM `acme-analytics.d.shop` ORDER BY id", "--json");

        Assert.Equal(1500, rows.Count);
        var last = rows[^1];
        Assert.Equal((1500, "茶1500", "1500.5", JsonValueKind.Null), (last.GetProperty("id").GetInt32(), last.GetProperty("name").GetString(), last.GetProperty("price").GetString(), last.GetProperty("nothing").ValueKind));
    }

    [Fact]
    public async Task APreviewHasTypedRowsAndThoseThatDoNotFit()
    {
        Workspace.Write("a.csv", "id,name,ok\n1,緑茶,true\n2,,false\n3,a,true,b,c,d\n");

        var seen = Assert.Single(await LinesAsync("preview", "a.csv", "--json"));

        Assert.Equal(["INT64", "STRING", "BOOL"], seen.GetProperty("columns").EnumerateArray().Select(c => c.GetProperty("type").GetString()!));
        Assert.Equal("""[{"id":1,"name":"緑茶","ok":true},{"id":2,"name":null,"ok":false}]""", seen.GetProperty("rows").GetRawText());
        var reject = Assert.Single(seen.GetProperty("rejects").EnumerateArray());
        Assert.Equal((4, "too-many-fields", true), (reject.GetProperty("line").GetInt32(), reject.GetProperty("kind").GetString(), seen.GetProperty("all").GetBoolean()));
    }

    [Fact]
    public async Task MistakesOfAPipelineFileHaveTheirPlaces()
    {
        Workspace.Write("good.yaml", Pipeline);
        Workspace.Write("bad.yaml", Pipeline.Replace("prefix", "prefx", StringComparison.Ordinal));

        var validated = await Workspace.EtlAsync("validate", "good.yaml", "bad.yaml", "--json");

        Assert.Equal(2, validated.ExitCode);
        var files = Lines(validated.Output);
        Assert.Equal([true, false], files.Select(f => f.GetProperty("ok").GetBoolean()));
        var error = Assert.Single(files[1].GetProperty("errors").EnumerateArray());
        Assert.Equal(("bad.yaml", 2), (error.GetProperty("file").GetString(), error.GetProperty("line").GetInt32()));
        Assert.Contains("prefix", error.GetProperty("message").GetString()!, StringComparison.Ordinal);
    }

    private static int Rows(JsonElement line, string outcome) => line.GetProperty("rows").GetProperty(outcome).GetInt32();

    private async Task<IReadOnlyList<JsonElement>> LinesAsync(params string[] command) => Lines((await Workspace.SucceedAsync(command)).Output);

    private static IReadOnlyList<JsonElement> Lines(string output) => [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement)];
}
