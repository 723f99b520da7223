using Etl.TestSupport;
using PublicApiGenerator;
using Xunit;

namespace Etl.Runner.Tests;

/// <summary>What users of the packages build on changes only on purpose: a change of it is a change of a file beside the project.</summary>
public sealed class PublicApiTests
{
    [Theory]
    [InlineData("Core", typeof(Core.Engine.RunEngine))]
    [InlineData("Csv", typeof(Csv.CsvParser))]
    [InlineData("Testing", typeof(global::Etl.Testing.SourceConformance))]
    public void ThePublicApiIsTheOneThatIsWrittenDown(string project, Type ofIt)
    {
        var api = ofIt.Assembly.GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false, ExcludeAttributes = ["Xunit.FactAttribute", "Xunit.TheoryAttribute"], UseDenyNamespacePrefixesForExtensionMethods = false }).ReplaceLineEndings("\n") + "\n";
        var file = Repository.PathOf("src", project, "PublicApi.txt");
        if (Environment.GetEnvironmentVariable("ETL_ACCEPT_PUBLIC_API") == "1") File.WriteAllText(file, api);

        Assert.True(File.Exists(file) && File.ReadAllText(file) == api, $"The public API of {project} is not what src/{project}/PublicApi.txt says. If that is meant, run this test with ETL_ACCEPT_PUBLIC_API=1, and look at the difference as a user of the package would.");
    }
}
