using Etl.Core.Engine;
using Etl.Core.Pipelines;
using Etl.Formats;
using Etl.Runner.Hosting;
using Xunit;

namespace Etl.Runner.Tests;

/// <summary>A pipeline file that says something else is another pipeline: a run that was left open is not finished with other options than it was planned with.</summary>
public sealed class OptionsDigestTests
{
    private const string File = """
        name: orders
        source: { file: { path: in } }
        transforms: [ csv: { contract: evolve, null: ["-"] }, select: { drop: [a] } ]
        assert: { rows: { min: 1 }, accepted_values: { b: [x] } }
        sinks: [ file: { path: staged }, duckdb: { database: w.duckdb, table: t } ]
        """;

    [Theory]
    [InlineData("path: in ", "path: other ", false)]
    [InlineData("contract: evolve", "contract: freeze", false)]
    [InlineData("\"-\"", "\"N/A\"", false)]
    [InlineData("drop: [a]", "drop: [c]", false)]
    [InlineData("min: 1", "min: 2", false)]
    [InlineData("[x]", "[x, y]", false)]
    [InlineData("path: staged", "path: elsewhere", true)]
    [InlineData("table: t", "table: u", true)]
    public async Task EveryOptionIsPartOfIt(string said, string instead, bool ofASink)
    {
        Assert.Equal(await DigestsAsync(File), await DigestsAsync(File));
        var (before, after) = (await DigestsAsync(File), await DigestsAsync(File.Replace(said, instead, StringComparison.Ordinal)));

        Assert.NotEqual(before.Options, after.Options);
        Assert.Equal(ofASink, before.Sinks != after.Sinks);
    }

    [Fact]
    public async Task TheContentOfALookupsFileIsPartOfIt()
    {
        var folder = Directory.CreateTempSubdirectory("etl-digest-");
        try
        {
            var path = Path.Combine(folder.FullName, "names.csv");
            var file = File.Replace("drop: [a] }", $"drop: [a] }}, lookup: {{ file: \"{path}\", on: {{ b: code }}, take: {{ name: name }} }}", StringComparison.Ordinal);
            var before = await DigestsAsync(file);
            await System.IO.File.WriteAllTextAsync(path, "code,name\n1,a\n", TestContext.Current.CancellationToken);
            var written = await DigestsAsync(file);
            await System.IO.File.WriteAllTextAsync(path, "code,name\n1,b\n", TestContext.Current.CancellationToken);
            var changed = await DigestsAsync(file);

            Assert.Equal(3, new[] { before.Options, written.Options, changed.Options }.Distinct().Count());
            Assert.Equal(before.Sinks, changed.Sinks);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<(string Options, string Sinks)> DigestsAsync(string file)
    {
        var definition = new PipelineFile(Registrations.All(), _ => null).Parse("p.yaml", file);
        await using var pipeline = Pipeline.Create(definition, Contexts.For(definition, local: false), encoding => EncoderFactory.Create(encoding));
        return (pipeline.OptionsDigest, pipeline.SinksDigest);
    }
}
