using System.IO.Compression;
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
        foreach (var file in PluginFiles())
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

        // What a plugin does not explain is its own bug, and said to be.
        work.Environment["ACME_PLUGIN"] = "lists";
        var failed = await work.EtlAsync("run", "pipelines/q.yaml");
        Assert.Equal(70, failed.ExitCode);
        Assert.Contains("This is a bug in the plugin", failed.Sentence, StringComparison.Ordinal);
        Assert.Contains("AcmePlugin.dll, please report it with what follows. System.InvalidOperationException: The moon is new.", failed.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AConnectorComesInANuGetPackage()
    {
        using var work = new Workspace();
        Directory.CreateDirectory(work.PathOf("feed"));
        using (var package = ZipFile.Open(work.PathOf("feed", "Acme.Etl.1.2.0.nupkg"), ZipArchiveMode.Create))
        {
            using (var about = new StreamWriter(package.CreateEntry("Acme.Etl.nuspec").Open()))
                about.Write("<package><metadata><id>Acme.Etl</id><version>1.2.0</version><authors>Acme</authors><description>Rows</description></metadata></package>");
            foreach (var file in PluginFiles()) package.CreateEntryFromFile(file, "etl/" + Path.GetFileName(file));
        }

        work.Write("NuGet.Config", "<configuration><packageSources><clear /><add key=\"acme-feed\" value=\"feed\" /></packageSources></configuration>");
        work.Environment["NUGET_PACKAGES"] = work.PathOf("packages");
        work.Write("p.yaml", Pipeline.Replace("../plugins/", "nuget:Acme.Etl@1.2.0", StringComparison.Ordinal));
        work.Write("typo.yaml", Pipeline.Replace("../plugins/", "nuget:Acme.Etl@1.3.0", StringComparison.Ordinal));

        var ran = await work.SucceedAsync("run", "p.yaml");
        var typo = await work.EtlAsync("validate", "typo.yaml");
        // It was fetched once and for all.
        Directory.Delete(work.PathOf("feed"), recursive: true);
        work.Environment["ETL_PLUGINS"] = "nuget:Acme.Etl@1.2.0";
        var again = await work.SucceedAsync("connectors", "acme");

        Assert.Contains("7 read = 7 loaded + 0 rejected", ran.Output, StringComparison.Ordinal);
        Assert.Equal(2, typo.ExitCode);
        Assert.Contains("typo.yaml:2:11: There is no package Acme.Etl 1.3.0 in acme-feed.", typo.Sentence, StringComparison.Ordinal);
        Assert.Contains("Rows of the plugin's own", again.Output, StringComparison.Ordinal);
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

    private static string[] PluginFiles() => Directory.GetFiles(AppContext.BaseDirectory.Replace("EndToEnd", "AcmePlugin", StringComparison.Ordinal), "AcmePlugin*");
}
