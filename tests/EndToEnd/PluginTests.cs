using Xunit;

namespace Etl.EndToEnd.Tests;

/// <summary>A connector that this program was not built with, used by every command.</summary>
public sealed class PluginTests
{
    private const string Pipeline = """
        name: acme
        plugins: [../plugins/]
        source: { acme: { rows: 7 } }
        transforms: [csv]
        sinks:
          - file: { path: staged }
          - duckdb: { database: w.duckdb, table: t }
        """;

    [Fact]
    public async Task APipelineRunsWithTheConnectorsOfItsPlugins()
    {
        using var work = new Workspace();
        foreach (var file in Directory.GetFiles(AppContext.BaseDirectory.Replace("EndToEnd", "AcmePlugin", StringComparison.Ordinal), "AcmePlugin*"))
            work.Write(Path.Combine("plugins", "acme", Path.GetFileName(file)), await File.ReadAllBytesAsync(file));
        work.Write("pipelines/p.yaml", Pipeline);

        Assert.Contains("ok (acme)", (await work.SucceedAsync("validate", "pipelines/p.yaml")).Output, StringComparison.Ordinal);
        Assert.Contains("AcmePlugin.dll", (await work.SucceedAsync("connectors", "acme", "--pipeline", "pipelines/p.yaml")).Output, StringComparison.Ordinal);
        Assert.Contains("\"acme\"", (await work.SucceedAsync("schema", "--pipeline", "pipelines/p.yaml")).Output, StringComparison.Ordinal);
        await work.SucceedAsync("plan", "pipelines/p.yaml", "--open");
        await work.SucceedAsync("stage", "pipelines/p.yaml", "--task", "0", "--of", "1");
        await work.SucceedAsync("commit", "pipelines/p.yaml");
        work.Environment["ETL_PLUGINS"] = work.PathOf("plugins");
        work.Write("pipelines/q.yaml", Pipeline.Replace("plugins: [../plugins/]\n", "", StringComparison.Ordinal).Replace("rows: 7", "rows: 9", StringComparison.Ordinal).Replace("name: acme", "name: other", StringComparison.Ordinal));
        Assert.Contains("9 read = 9 loaded + 0 rejected", (await work.SucceedAsync("run", "pipelines/q.yaml")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task APluginThatFailsIsAMistakeInThePipelineFileAndNoBug()
    {
        using var work = new Workspace();
        work.Write("pipelines/p.yaml", Pipeline);

        var finished = await work.EtlAsync("run", "pipelines/p.yaml");

        Assert.Equal(2, finished.ExitCode);
        Assert.Contains("p.yaml:2:11: There is no plugin", finished.Sentence, StringComparison.Ordinal);
    }
}
