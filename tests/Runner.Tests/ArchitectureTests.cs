using System.Reflection;
using System.Xml.Linq;
using Etl.TestSupport;
using Xunit;

namespace Etl.Runner.Tests;

/// <summary>Dependencies point inward: connectors, Csv, Formats and Sql know Core; Json, FixedWidth and Excel read values as Csv does; Lookup reads its file with their parsers; Core knows nobody; LocalCloud knows none of them; Runner wires them.</summary>
public sealed class ArchitectureTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Core"] = [],
        ["Csv"] = ["Core"],
        ["Formats"] = ["Core"],
        ["Connectors.Aws"] = ["Core"],
        ["Connectors.Azure"] = ["Core"],
        ["Connectors.Gcp"] = ["Core"],
        ["Connectors.Http"] = ["Core"],
        ["Connectors.Local"] = ["Core"],
        ["Connectors.Postgres"] = ["Core", "Formats"],
        ["Connectors.Sftp"] = ["Core"],
        ["Excel"] = ["Core", "Csv"],
        ["FixedWidth"] = ["Core", "Csv"],
        ["Json"] = ["Core", "Csv"],
        ["LocalCloud"] = [],
        ["Lookup"] = ["Core", "Csv", "Excel", "Formats", "Json"],
        ["Sql"] = ["Core"],
        ["Testing"] = ["Core", "Formats"],
        ["Runner"] = ["Connectors.Aws", "Connectors.Azure", "Connectors.Gcp", "Connectors.Http", "Connectors.Local", "Connectors.Postgres", "Connectors.Sftp", "Core", "Csv", "Excel", "FixedWidth", "Formats", "Json", "LocalCloud", "Lookup", "Sql"],
    };

    public static TheoryData<string> Projects() => [.. Directory.GetDirectories(Repository.PathOf("src")).Select(d => Path.GetFileName(d)!)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void AProjectKnowsOnlyWhatItMay(string project)
    {
        var file = Directory.GetFiles(Repository.PathOf("src", project), "*.csproj").Single();
        var references = XDocument.Load(file).Descendants("ProjectReference").Select(r => Path.GetFileName(Path.GetDirectoryName(r.Attribute("Include")!.Value.Replace('\\', '/')))!).Order(StringComparer.Ordinal);

        Assert.True(Allowed.ContainsKey(project), $"say what {project} may know");
        Assert.Equal(Allowed[project], references);
    }

    [Fact]
    public void CoreNamesNoCloudsLibrary()
    {
        var references = typeof(Core.Engine.RunEngine).Assembly.GetReferencedAssemblies().Select(a => a.Name!);

        Assert.DoesNotContain(references, r => r.StartsWith("AWSSDK", StringComparison.Ordinal) || r.StartsWith("Azure", StringComparison.Ordinal) || r.StartsWith("Google", StringComparison.Ordinal) || r.StartsWith("ParquetSharp", StringComparison.Ordinal) || r.StartsWith("DuckDB", StringComparison.Ordinal));
    }

    [Fact]
    public void AnExtensionInterfaceHasAtMostThreeMembers()
    {
        var contracts = typeof(Core.Contracts.ISource).Assembly.GetTypes().Where(t => t is { IsInterface: true, IsPublic: true });

        Assert.All(contracts, t => Assert.InRange(t.GetMethods(BindingFlags.Public | BindingFlags.Instance).Length, 1, 3));
    }
}
