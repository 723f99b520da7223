using System.Text.Json.Nodes;
using Xunit;

namespace Etl.EndToEnd.Tests;

/// <summary>The README's main job, as a newcomer runs it.</summary>
public sealed class MainJobTests : IDisposable
{
    private readonly Workspace workspace = new();

    public MainJobTests() => workspace.CopyPipelines();

    public void Dispose() => workspace.Dispose();

    [Fact]
    public async Task TheMainJobLoadsTheOrdersAndSaysWhatItDid()
    {
        var run = await workspace.EtlAsync("run", "pipelines/orders.yaml", "--local");

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Contains("1,101 read = 1,098 loaded + 3 rejected + 0 filtered", run.Output, StringComparison.Ordinal);
        Assert.Contains("acme-analytics.sales.orders", run.Output, StringComparison.Ordinal);
        Assert.Matches(@"customer_id +│ STRING", run.Output);
        Assert.Matches(@"ordered_at +│ TIMESTAMP", run.Output);
        Assert.Matches(@"amount +│ NUMERIC", run.Output);
        Assert.DoesNotContain("internal_note", run.Output, StringComparison.Ordinal);
        Assert.Contains("orders: stage", run.Error, StringComparison.Ordinal);
        Assert.Contains("etl query 'SELECT * FROM `acme-analytics.sales.orders` LIMIT 10' --local", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheTableAnswersQueries()
    {
        await workspace.SucceedAsync("run", "pipelines/orders.yaml", "--local");

        var query = await workspace.SucceedAsync("query", "SELECT product, COUNT(*) AS n FROM `acme-analytics.sales.orders` WHERE product LIKE '%表示%' GROUP BY product", "--local");
        var codes = await workspace.SucceedAsync("query", "SELECT COUNT(*) AS n, MIN(LENGTH(customer_id)) AS a, MAX(LENGTH(customer_id)) AS b FROM `acme-analytics.sales.orders`", "--local");

        Assert.Contains("表示プレート", query.Output, StringComparison.Ordinal);
        Assert.Matches(@"1098 │ +6 │ +6 │", codes.Output);
    }

    [Fact]
    public async Task RunningAgainLoadsNothingTwice()
    {
        await workspace.SucceedAsync("run", "pipelines/orders.yaml", "--local");

        var again = await workspace.SucceedAsync("run", "pipelines/orders.yaml", "--local");
        var count = await workspace.SucceedAsync("query", "SELECT COUNT(*) AS n FROM `acme-analytics.sales.orders`", "--local");

        Assert.Contains("nothing new to load; 5 objects were loaded by earlier runs", again.Output, StringComparison.Ordinal);
        Assert.Contains("1098", count.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ANewObjectIsLoadedAlone()
    {
        await workspace.SucceedAsync("run", "pipelines/orders.yaml", "--local");
        File.Copy(Repository.PathOf("pipelines/data/acme-exports/orders/2026-11/01-tokyo.csv"), workspace.PathOf("pipelines/data/acme-exports/orders/2026-11/06-again.csv"));

        var again = await workspace.SucceedAsync("run", "pipelines/orders.yaml", "--local");

        Assert.Contains("240 read = 240 loaded", again.Output, StringComparison.Ordinal);
        Assert.Contains("5 more were loaded by earlier runs", again.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RejectedRowsAreKeptInTheStagingBucketWithTheirReason()
    {
        await workspace.SucceedAsync("run", "pipelines/orders.yaml", "--local");

        var file = Directory.EnumerateFiles(workspace.PathOf(".etl"), "*", SearchOption.AllDirectories)
            .Single(f => File.ReadLines(f).FirstOrDefault()?.StartsWith("{\"object\":", StringComparison.Ordinal) == true);
        var rejects = File.ReadLines(file).Select(line => JsonNode.Parse(line)!).ToList();

        Assert.Equal(["type", "encoding", "type"], rejects.Select(r => r["kind"]!.GetValue<string>()));
        Assert.All(rejects, r => Assert.Equal("s3://acme-exports/orders/2026-11/05-ugly.csv", r["object"]!.GetValue<string>()));
        Assert.Equal((43, "qty", "twelve"), ((int)rejects[0]["line"]!, rejects[0]["column"]!.GetValue<string>(), rejects[0]["value"]!.GetValue<string>()));
    }

    [Fact]
    public async Task TheOtherExamplesRunToo()
    {
        foreach (var pipeline in Directory.GetFiles(workspace.PathOf("pipelines"), "*.yaml").Where(p => Path.GetFileName(p) is not ("orders.yaml" or "products-postgres.yaml") && !p.EndsWith(".test.yaml", StringComparison.Ordinal)))
        {
            var run = await workspace.SucceedAsync("run", Path.GetRelativePath(workspace.Folder, pipeline), "--local");
            Assert.Contains("loaded", run.Output, StringComparison.Ordinal);
        }
    }
}
