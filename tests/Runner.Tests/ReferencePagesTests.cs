using Etl.Runner.Hosting;
using Etl.Runner.Reference;
using Etl.TestSupport;
using Xunit;

namespace Etl.Runner.Tests;

public sealed class ReferencePagesTests
{
    private static readonly IReadOnlyList<ConnectorReference> Connectors = ConnectorReference.Of(Registrations.Own());

    [Fact]
    public void TheCommittedPagesAreWhatTheOptionsRecordsGive()
    {
        var pages = ReferencePages.Write(Connectors);

        Assert.Equal(pages.Keys, Directory.GetFiles(Repository.PathOf("docs", "reference")).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal));
        foreach (var (file, page) in pages)
            Assert.True(page == File.ReadAllText(Repository.PathOf("docs", "reference", file)), $"docs/reference/{file} is not what the options records give; run: dotnet run --project src/Runner -- connectors --markdown docs/reference");
    }

    [Fact]
    public void EveryConnectorAndEveryOptionSaysWhatItMeans()
    {
        Assert.All(Connectors, c => Assert.True(c.Description.Length > 1, c.Name));
        Assert.All(Connectors.SelectMany(c => c.Options.Select(o => (c.Name, Option: o))), o => Assert.True(o.Option.Description.Length > 0, $"{o.Name}: {o.Option.Name} has no description"));
    }

    [Fact]
    public void NestedOptionsFollowTheirParent()
    {
        var names = Connectors.Single(c => c.Name == "bigquery").Options.Select(o => o.Name).ToList();

        Assert.Equal(names.IndexOf("partition") + 1, names.IndexOf("partition.column"));
        Assert.Equal(("whole number from 1 to 256", "8"), Connectors.Where(c => c.Name == "gcs").SelectMany(c => c.Options).Where(o => o.Name == "chunk_mib").Select(o => (o.Type, o.Default)).Single());
    }
}
