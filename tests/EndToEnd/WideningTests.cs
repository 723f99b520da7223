using System.Text;
using Xunit;

namespace Etl.EndToEnd.Tests;

/// <summary>A sample that was lucky: numbers at the start, in the middle and at the end, and a text far from them.</summary>
public sealed class WideningTests : IDisposable
{
    private const int OddLine = 410_002;
    private readonly Workspace workspace = new();
    private readonly int rows;

    public WideningTests()
    {
        var text = new StringBuilder("id,total\n");
        for (; text.Length < 7_000_000; rows++)
            text.Append(rows).Append(',').Append(rows == OddLine - 2 ? "unknown" : "123").Append('\n');
        workspace.Write("data/acme/in/lucky.csv", text.ToString());
    }

    public void Dispose() => workspace.Dispose();

    [Fact]
    public async Task TheTableEndsWithStringAndAllRows()
    {
        WritePipeline("{ split_size: 1MB }");

        var run = await workspace.SucceedAsync("run", "p.yaml", "--local");
        var query = await workspace.SucceedAsync("query", "SELECT COUNT(*) AS n, COUNT(DISTINCT id) AS d, COUNT(DISTINCT total) AS t, MAX(total) AS m FROM `proj-ect.lucky.t`", "--local");

        Assert.Matches(@"total +│ STRING", run.Output);
        Assert.Contains($"{rows:N0} read = {rows:N0} loaded + 0 rejected", run.Output, StringComparison.Ordinal);
        Assert.Contains($"lucky.csv, line {OddLine}: expected INT64", Words(run.Output), StringComparison.Ordinal);
        Assert.Matches($@"│ +{rows} │ +{rows} │ +2 │ +unknown", query.Output);
        Assert.Equal(2, Directory.GetFiles(workspace.PathOf(".etl"), "*", SearchOption.AllDirectories).Count(f => File.ReadAllText(f) is { } text && text.StartsWith("{\"version\":1,\"pipeline\"", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task WithFreezeTheRunFailsAndNothingIsLoaded()
    {
        WritePipeline("{ contract: freeze }");

        var run = await workspace.EtlAsync("run", "p.yaml", "--local");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains($"line {OddLine}, total: expected INT64", Words(run.Error), StringComparison.Ordinal);
        Assert.Equal(1, (await workspace.EtlAsync("query", "SELECT COUNT(*) AS n FROM `proj-ect.lucky.t`", "--local")).ExitCode);
    }

    [Fact]
    public async Task AConversionBeginsAgainAndLeavesOneWholeFile()
    {
        Directory.CreateDirectory(workspace.PathOf("out"));

        var convert = await workspace.SucceedAsync("convert", "data/acme/in/lucky.csv", "out/lucky.ndjson");

        Assert.Contains($"line {OddLine}: expected INT64", Words(convert.Error), StringComparison.Ordinal);
        Assert.Equal(rows, File.ReadLines(workspace.PathOf("out", "lucky.ndjson")).Count());
        Assert.Contains("\"unknown\"", File.ReadLines(workspace.PathOf("out", "lucky.ndjson")).ElementAt(OddLine - 2), StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(workspace.PathOf("out")));
    }

    private static string Words(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private void WritePipeline(string csv) => workspace.Write("p.yaml", $$"""
        name: lucky
        google: { credentials: "${GOOGLE_WIF_CONFIG:-wif.json}" }
        source: { s3: { bucket: acme, prefix: in/ } }
        transforms: [ csv: {{csv}} ]
        sinks:
          - gcs: { bucket: lucky-staging }
          - bigquery: { project: proj-ect, dataset: lucky, table: t }
        """);
}
