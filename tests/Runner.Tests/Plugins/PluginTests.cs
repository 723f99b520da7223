using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using Etl.Core.Errors;
using Etl.Core.Pipelines;
using Etl.Runner.Hosting;
using Etl.TestSupport;
using Xunit;

namespace Etl.Runner.Tests.Plugins;

/// <summary>Connectors in assemblies that this program was not built with.</summary>
[Collection("environment variables")]
public sealed class PluginTests : IDisposable
{
    private static readonly string Acme = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory.Replace("Runner.Tests", "AcmePlugin", StringComparison.Ordinal), "AcmePlugin.dll"));
    private readonly Workspace work = new();

    public void Dispose()
    {
        foreach (var variable in new[] { "ACME_PLUGIN", "ETL_PLUGINS", "ETL_PIPELINE_PLUGINS" }) Environment.SetEnvironmentVariable(variable, null);
        work.Dispose();
    }

    [Fact]
    public void TheEnvironmentNamesPluginsForEveryPipeline()
    {
        Environment.SetEnvironmentVariable("ETL_PLUGINS", Acme);

        var connectors = Registrations.All().Connectors;
        var definition = Read(Pipeline($"[{Acme}]"));

        Assert.Equal(Acme, Assert.Single(connectors, c => c.Name == "acme").Plugin!.Path);
        Assert.Equal("acme", definition.Source.Connector.Name);
    }

    [Fact]
    public void OptionsOfPluginsAreCheckedLikeAnyOther()
    {
        Assert.Contains("source.acme".Split('.')[1] + " needs \"rows\"", Fails(Pipeline($"[{Acme}]").Replace("rows: 7", "", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("did you mean \"rows\"?", Fails(Pipeline($"[{Acme}]").Replace("rows: 7", "row: 7", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("s3", "source \"s3\", as Etl itself calls one")]
    [InlineData("gcs", "load sink \"gcs\", as Etl itself calls one")]
    [InlineData("throws", "InvalidOperationException: The moon is full.")]
    public void APluginThatMisbehavesIsNamedWithItsPlaceInTheFile(string how, string says)
    {
        Environment.SetEnvironmentVariable("ACME_PLUGIN", how);

        var error = Fails(Pipeline($"[{Acme}]"));

        Assert.StartsWith("p.yaml:2:", error.Replace(work.Folder + Path.DirectorySeparatorChar, "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains(says, error, StringComparison.Ordinal);
        Assert.Contains(Acme, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void TwoPluginsThatCallAConnectorTheSameAreBothNamed()
    {
        Copy("one");
        Copy("two");

        var error = Fails(Pipeline("[one, two]"));

        Assert.Contains(work.PathOf("one", "AcmePlugin.dll"), error, StringComparison.Ordinal);
        Assert.Contains(work.PathOf("two", "AcmePlugin.dll"), error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 9, "was made for Etl.Core 0.9.0, and this is 0.1.0. Install a newer etl")]
    [InlineData(0, 0, "was made for Etl.Core 0.0.0, and this is 0.1.0. Build it with the package Etl.Core 0.1.0")]
    [InlineData(2, 1, "was made for Etl.Core 2.1.0")]
    public void APluginForAnotherContractIsRefusedWithBothVersions(int major, int minor, string says)
    {
        Copy("other");
        MadeFor(work.PathOf("other", "AcmePlugin.dll"), major, minor);

        Assert.Contains(says, Fails(Pipeline("[other]")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[nowhere/]", "There is no plugin")]
    [InlineData("[empty/]", "a plugin is an assembly with its .deps.json beside it")]
    [InlineData("[text.dll]", "is not an assembly of .NET")]
    [InlineData("[plain.dll]", "is no plugin of Etl")]
    [InlineData("[\"${HOME}/x\"]", "name one from the environment in ETL_PLUGINS")]
    [InlineData("plugins/", "plugins must be a list")]
    public void WhatIsNoPluginIsSaidInWords(string plugins, string says)
    {
        Directory.CreateDirectory(work.PathOf("empty"));
        work.Write("text.dll", "not an assembly");
        File.Copy(typeof(YamlDotNet.Core.Mark).Assembly.Location, work.PathOf("plain.dll"));

        Assert.Contains(says, Fails(Pipeline(plugins)), StringComparison.Ordinal);
    }

    [Fact]
    public void WhoeverChecksFilesOfOthersCanForbidTheirPlugins()
    {
        Environment.SetEnvironmentVariable("ETL_PIPELINE_PLUGINS", "off");
        Environment.SetEnvironmentVariable("ACME_PLUGIN", "throws");

        Assert.Contains("ETL_PIPELINE_PLUGINS is off", Fails(Pipeline($"[{Acme}]")), StringComparison.Ordinal);
    }

    private static string Pipeline(string plugins) => $$"""
        name: acme
        plugins: {{plugins}}
        source: { acme: { rows: 7 } }
        transforms: [csv]
        sinks:
          - file: { path: staged }
          - duckdb: { database: w.duckdb, table: t }
        """;

    private PipelineDefinition Read(string text)
    {
        work.Write("p.yaml", text);
        return new PipelineFile(Registrations.All(), _ => null).Read(work.PathOf("p.yaml"));
    }

    private string Fails(string text) => Assert.Throws<PipelineFileException>(() => Read(text)).Message;

    private void Copy(string folder)
    {
        Directory.CreateDirectory(work.PathOf(folder));
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(Acme)!)) File.Copy(file, work.PathOf(folder, Path.GetFileName(file)));
    }

    // Version numbers are the first 8 bytes of a row of the AssemblyRef table (ECMA-335, II.22.5).
    private static void MadeFor(string path, int major, int minor)
    {
        var bytes = File.ReadAllBytes(path);
        using var image = new PEReader(new MemoryStream(bytes));
        var metadata = image.GetMetadataReader();
        var row = metadata.AssemblyReferences.Select((handle, index) => (metadata.GetString(metadata.GetAssemblyReference(handle).Name), index)).Single(r => r.Item1 == "Etl.Core").index;
        var at = image.PEHeaders.MetadataStartOffset + metadata.GetTableMetadataOffset(TableIndex.AssemblyRef) + (row * metadata.GetTableRowSize(TableIndex.AssemblyRef));
        BitConverter.TryWriteBytes(bytes.AsSpan(at), (ushort)major);
        BitConverter.TryWriteBytes(bytes.AsSpan(at + 2), (ushort)minor);
        File.WriteAllBytes(path, bytes);
    }
}
