using System.Text.Json.Nodes;
using Amazon.Runtime;
using Amazon.SQS;
using Etl.LocalCloud;
using Xunit;

namespace Etl.EndToEnd.Tests;

/// <summary>The source <c>sqs</c>, with messages that AWS's own library puts into the queue.</summary>
public sealed class QueueTests : IAsyncLifetime
{
    private const string Url = "https://sqs.ap-northeast-1.amazonaws.com/123456789012/orders";
    private readonly Workspace workspace = new();
    private readonly ShiftedTime time = new();
    private LocalCloudServer cloud = null!;
    private HoldingProxy proxy = null!;
    private AmazonSQSClient sqs = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        workspace.Write("data/acme/in/a b.csv", "id\n1\n2\n");
        workspace.Write("data/acme/in/c.csv", "id\n3\n");
        workspace.Write("data/acme/in/unannounced.csv", "id\n4\n");
        workspace.Write("p.yaml", $$"""
            name: orders
            source:
              sqs: { queue: "{{Url}}", wait: 1s }
            transforms: [ csv ]
            sinks:
              - file: { path: staged }
              - duckdb: { database: t.duckdb, table: t }
            """);
        cloud = await LocalCloudServer.StartAsync(new LocalCloudOptions { DataFolder = workspace.PathOf("cloud"), S3Folder = workspace.PathOf("data"), Time = time }, Cancel);
        proxy = await HoldingProxy.StartAsync(cloud.Endpoints.Sqs);
        sqs = new AmazonSQSClient(
            new SessionAWSCredentials(cloud.Environment["AWS_ACCESS_KEY_ID"], cloud.Environment["AWS_SECRET_ACCESS_KEY"], cloud.Environment["AWS_SESSION_TOKEN"]),
            new AmazonSQSConfig { ServiceURL = cloud.Endpoints.Sqs.AbsoluteUri, AuthenticationRegion = "ap-northeast-1" });
        foreach (var (name, value) in cloud.Environment) workspace.Environment[name] = value;
        workspace.Environment["AWS_ENDPOINT_URL_SQS"] = proxy.Address;
    }

    public async ValueTask DisposeAsync()
    {
        sqs.Dispose();
        await proxy.DisposeAsync();
        await cloud.DisposeAsync();
        workspace.Dispose();
    }

    [Fact]
    public async Task OnlyWhatMessagesTellOfIsReadAndMessagesGoWhenItIsLoaded()
    {
        await SendAsync(Event("ObjectCreated:Put", "in/a+b.csv"));
        await SendAsync(new JsonObject { ["Type"] = "Notification", ["Message"] = Event("ObjectCreated:Put", "in/c.csv") }.ToJsonString());
        await SendAsync(Event("ObjectCreated:Put", "in/gone.csv"));
        await SendAsync("not for Etl");

        var plan = await workspace.SucceedAsync("plan", "p.yaml");
        Assert.Equal(4, await AllAsync());
        var run = await workspace.SucceedAsync("run", "p.yaml");
        var again = await workspace.SucceedAsync("run", "p.yaml");

        Assert.Contains("3 read = 3 loaded", run.Output, StringComparison.Ordinal);
        Assert.Contains("is no S3 event and stay", (plan.Output + plan.Error).ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.DoesNotContain("rows", again.Output, StringComparison.Ordinal);
        Assert.Equal("1,2,3", Rows());
        Assert.Equal(1, await AllAsync());
    }

    [Fact]
    public async Task WhenTheProcessIsKilledBetweenCommitAndDeletionTheNextDeletesAndLoadsNothing()
    {
        await SendAsync(Event("ObjectCreated:Put", "in/a+b.csv"));
        proxy.Holds = "DeleteMessageBatch";
        using (var killed = workspace.StartEtl("run", "p.yaml"))
        {
            await proxy.Held.WaitAsync(TimeSpan.FromMinutes(2), Cancel);
            killed.Kill();
            await killed.WaitForExitAsync(Cancel);
        }

        Assert.Equal((0, 1), await CountAsync());
        proxy.Holds = null;
        time.Shift(TimeSpan.FromSeconds(61));
        var next = await workspace.SucceedAsync("run", "p.yaml");

        Assert.DoesNotContain("rows", next.Output, StringComparison.Ordinal);
        Assert.Equal("1,2", Rows());
        Assert.Equal((0, 0), await CountAsync());
    }

    [Fact]
    public async Task AQueueDoesNotGoWithReadingEverythingInEveryRun()
    {
        workspace.Write("p.yaml", (await File.ReadAllTextAsync(workspace.PathOf("p.yaml"), Cancel)).Replace("table: t", "table: t, write: replace", StringComparison.Ordinal));

        var finished = await workspace.EtlAsync("validate", "p.yaml");

        Assert.NotEqual(0, finished.ExitCode);
        Assert.Contains("only the ledger tells what was loaded", finished.Sentence, StringComparison.Ordinal);
    }

    private static string Event(string name, string key) =>
        $$$$"""{"Records":[{"eventVersion":"2.1","eventSource":"aws:s3","eventName":"{{{{name}}}}","s3":{"bucket":{"name":"acme"},"object":{"key":"{{{{key}}}}","size":8,"eTag":"0","sequencer":"0"}}}]}""";

    private Task SendAsync(string body) => sqs.SendMessageAsync(Url, body, Cancel);

    private async Task<(int Waiting, int Held)> CountAsync()
    {
        var found = await sqs.GetQueueAttributesAsync(Url, ["All"], Cancel);
        return (found.ApproximateNumberOfMessages, found.ApproximateNumberOfMessagesNotVisible);
    }

    private async Task<int> AllAsync() => await CountAsync() is var (waiting, held) ? waiting + held : 0;

    private string Rows() => DuckFile.Ask("SELECT string_agg(id, ',' ORDER BY id) FROM t", workspace.PathOf("t.duckdb"));

    private sealed class ShiftedTime : TimeProvider
    {
        private TimeSpan shift;

        public void Shift(TimeSpan by) => shift += by;

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + shift;
    }
}
