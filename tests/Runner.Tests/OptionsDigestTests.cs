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

    private static async Task<(string Options, string Sinks)> DigestsAsync(string file)
    {
        var definition = new PipelineFile(Registrations.All(), _ => null).Parse("p.yaml", file);
        await using var pipeline = Pipeline.Create(definition, Contexts.For(definition, local: false), encoding => EncoderFactory.Create(encoding));
        return (pipeline.OptionsDigest, pipeline.SinksDigest);
    }
}
