using System.Text.Json.Nodes;
using Xunit;

namespace Etl.EndToEnd.Tests;

/// <summary>What a pipeline remembers, seen and changed as a user does, over files and DuckDB.</summary>
public sealed class StateTests : IDisposable
{
    private readonly Workspace workspace = new();

    public StateTests()
    {
        for (var day = 1; day <= 4; day++) workspace.Write($"in/2026-11-0{day}.csv", $"id,day\n{day},{day}\n");
        WritePipeline("objects");
    }

    public void Dispose() => workspace.Dispose();

    [Fact]
    public async Task ObjectsAreMarkedLoadedAgainForgottenAndShown()
    {
        await workspace.SucceedAsync("state", "mark-loaded", "p.yaml", "**/2026-11-01.csv");
        Assert.Contains("3 read = 3 loaded", (await workspace.SucceedAsync("run", "p.yaml")).Output, StringComparison.Ordinal);

        var refused = await workspace.EtlAsync("state", "backfill", "p.yaml", "--from", "2026-11-02", "--to", "2026-11-03");
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("load 2 objects again", refused.Error, StringComparison.Ordinal);
        Assert.Contains("would be there twice", refused.Error, StringComparison.Ordinal);

        await workspace.SucceedAsync("state", "backfill", "p.yaml", "--from", "2026-11-02", "--to", "2026-11-03", "--yes");
        Assert.Contains("4 objects, 2 of them to be loaded again", (await workspace.SucceedAsync("state", "show", "p.yaml")).Output, StringComparison.Ordinal);
        Assert.Contains("2 read = 2 loaded", (await workspace.SucceedAsync("run", "p.yaml")).Output, StringComparison.Ordinal);

        Assert.Equal(2, (await workspace.EtlAsync("state", "reset", "p.yaml")).ExitCode);
        await workspace.SucceedAsync("state", "reset", "p.yaml", "--yes");
        Assert.Contains("4 read = 4 loaded", (await workspace.SucceedAsync("run", "p.yaml")).Output, StringComparison.Ordinal);

        var shown = JsonNode.Parse((await workspace.SucceedAsync("state", "show", "p.yaml", "--json")).Output)!;
        Assert.Equal((4, 0), (shown["ledger"]!["objects"]!.GetValue<int>(), shown["ledger"]!["wanted"]!.GetValue<int>()));
        Assert.NotNull(shown["last_run"]);
        Assert.Null(shown["open_run"]);
        Assert.Null(shown["lease"]);
    }

    [Fact]
    public async Task AWatermarkReadsOnAndGarbageGoes()
    {
        WritePipeline("{ mode: watermark, by: key }");
        await workspace.SucceedAsync("run", "p.yaml");
        workspace.Write("in/2026-10-31.csv", "id,day\n9,9\n");
        workspace.Write("in/2026-11-05.csv", "id,day\n5,5\n");

        Assert.Contains("1 read = 1 loaded", (await workspace.SucceedAsync("run", "p.yaml")).Output, StringComparison.Ordinal);
        Assert.Contains("/in/2026-11-05.csv", (await workspace.SucceedAsync("state", "show", "p.yaml")).Output, StringComparison.Ordinal);

        var young = await workspace.SucceedAsync("gc", "p.yaml");
        Assert.Contains("nothing to remove", young.Output, StringComparison.Ordinal);
        var dry = await workspace.SucceedAsync("gc", "p.yaml", "--older-than", "0s", "--dry-run");
        Assert.Contains("5 staged files, 13 records of 2 runs", dry.Output, StringComparison.Ordinal);
        await workspace.SucceedAsync("gc", "p.yaml", "--older-than", "0s", "--yes");

        Assert.Equal(["state.json"], Directory.EnumerateFiles(workspace.PathOf("staged"), "*", SearchOption.AllDirectories).Select(Path.GetFileName).Where(f => f != ".lock"));
        Assert.Contains("nothing new", (await workspace.SucceedAsync("run", "p.yaml")).Output, StringComparison.Ordinal);
    }

    private void WritePipeline(string incremental) => workspace.Write("p.yaml", $$"""
        name: days
        source: { file: { path: in } }
        transforms: [ csv ]
        sinks:
          - file: { path: staged }
          - duckdb: { database: out.duckdb, table: t }
        incremental: {{incremental}}
        """);
}
