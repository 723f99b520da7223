using System.Text;
using Xunit;

namespace Etl.EndToEnd.Tests;

/// <summary>A sample that was lucky: numbers at the start, in the middle and at the end, and a text far from them.</summary>
public sealed class WideningTests : CloudTests
{
    private const int OddLine = 410_002;
    private readonly int rows;

    public WideningTests()
    {
        var text = new StringBuilder("id,total\n");
        for (; text.Length < 7_000_000; rows++)
            text.Append(rows).Append(',').Append(rows == OddLine - 2 ? "unknown" : "123").Append('\n');
        Workspace.Write("data/acme/in/lucky.csv", text.ToString());
    }

    [Fact]
    public async Task TheTableEndsWithStringAndAllRows()
    {
        WritePipeline("{ split_size: 1MB }");

        var run = await Workspace.SucceedAsync("run", "p.yaml");
        var query = await Workspace.SucceedAsync("query", "SELECT COUNT(*) AS n, COUNT(DISTINCT id) AS d, COUNT(DISTINCT total) AS t, MAX(total) AS m FROM `proj-ect.lucky.t`");

        Assert.Matches(@"total +│ STRING", run.Output);
        Assert.Contains($"{rows:N0} read = {rows:N0} loaded + 0 rejected", run.Output, StringComparison.Ordinal);
        Assert.Contains($"lucky.csv, line {OddLine}: expected INT64", Words(run.Output), StringComparison.Ordinal);
        Assert.Matches($@"│ +{rows} │ +{rows} │ +2 │ +unknown", query.Output);
        Assert.Equal(2, Directory.GetFiles(Workspace.PathOf(".etl"), "*", SearchOption.AllDirectories).Count(f => File.ReadAllText(f) is { } text && text.StartsWith("{\"version\":1,\"pipeline\"", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task WithFreezeTheRunFailsAndNothingIsLoaded()
    {
        WritePipeline("{ contract: freeze }");

        var run = await Workspace.EtlAsync("run", "p.yaml");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains($"line {OddLine}, total: expected INT64", Words(run.Error), StringComparison.Ordinal);
        Assert.Equal(1, (await Workspace.EtlAsync("query", "SELECT COUNT(*) AS n FROM `proj-ect.lucky.t`")).ExitCode);
    }

    [Fact]
    public async Task AConversionBeginsAgainAndLeavesOneWholeFile()
    {
        Directory.CreateDirectory(Workspace.PathOf("out"));

        var convert = await Workspace.SucceedAsync("convert", "data/acme/in/lucky.csv", "out/lucky.ndjson");

        Assert.Contains($"line {OddLine}: expected INT64", Words(convert.Error), StringComparison.Ordinal);
        Assert.Equal(rows, File.ReadLines(Workspace.PathOf("out", "lucky.ndjson")).Count());
        Assert.Contains("\"unknown\"", File.ReadLines(Workspace.PathOf("out", "lucky.ndjson")).ElementAt(OddLine - 2), StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(Workspace.PathOf("out")));
    }

    private static string Words(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private void WritePipeline(string csv) => Workspace.Write("p.yaml", $$"""
        name: lucky
        google: { credentials: "${GOOGLE_WIF_CONFIG:-wif.json}" }
        source: { s3: { bucket: acme, prefix: in/ } }
        transforms: [ csv: {{csv}} ]
        sinks:
          - gcs: { bucket: lucky-staging }
          - bigquery: { project: proj-ect, dataset: lucky, table: t }
        """);
}
