using System.Text.Json.Nodes;
using DuckDB.NET.Data;
using Etl.LocalCloud;
using Xunit;

namespace Etl.EndToEnd.Tests;

/// <summary>The source <c>sqs</c>, with messages that the AWS command line puts into the queue.</summary>
public sealed class QueueTests : IAsyncLifetime
{
    private const string Url = "https://sqs.ap-northeast-1.amazonaws.com/123456789012/orders";
    private readonly Workspace workspace = new();
    private readonly ShiftedTime time = new();
    private LocalCloudServer cloud = null!;
    private HoldingProxy proxy = null!;

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
        foreach (var (name, value) in cloud.Environment) workspace.Environment[name] = value;
        workspace.Environment["AWS_ENDPOINT_URL_SQS"] = proxy.Address;
    }

    public async ValueTask DisposeAsync()
    {
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
        Assert.Equal(4, await CountAsync("ApproximateNumberOfMessages") + await CountAsync("ApproximateNumberOfMessagesNotVisible"));
        var run = await workspace.SucceedAsync("run", "p.yaml");
        var again = await workspace.SucceedAsync("run", "p.yaml");

        Assert.Contains("3 read = 3 loaded", run.Output, StringComparison.Ordinal);
        Assert.Contains("is no S3 event and stay", (plan.Output + plan.Error).ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.DoesNotContain("rows", again.Output, StringComparison.Ordinal);
        Assert.Equal("1,2,3", Rows());
        Assert.Equal(1, await CountAsync("ApproximateNumberOfMessages") + await CountAsync("ApproximateNumberOfMessagesNotVisible"));
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

        Assert.Equal((0, 1), (await CountAsync("ApproximateNumberOfMessages"), await CountAsync("ApproximateNumberOfMessagesNotVisible")));
        proxy.Holds = null;
        time.Shift(TimeSpan.FromSeconds(61));
        var next = await workspace.SucceedAsync("run", "p.yaml");

        Assert.DoesNotContain("rows", next.Output, StringComparison.Ordinal);
        Assert.Equal("1,2", Rows());
        Assert.Equal((0, 0), (await CountAsync("ApproximateNumberOfMessages"), await CountAsync("ApproximateNumberOfMessagesNotVisible")));
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

    private async Task SendAsync(string body) => await AwsAsync("send-message", "--queue-url", Url, "--message-body", body);

    private async Task<int> CountAsync(string attribute) =>
        int.Parse((string)JsonNode.Parse(await AwsAsync("get-queue-attributes", "--queue-url", Url, "--attribute-names", "All"))!["Attributes"]![attribute]!);

    private async Task<string> AwsAsync(params string[] arguments)
    {
        var finished = await workspace.RunAsync(OutsideProgram.Require("aws"), ["sqs", .. arguments]);
        Assert.True(finished.ExitCode == 0, finished.ToString());
        return finished.Output;
    }

    private string Rows()
    {
        using var connection = new DuckDBConnection($"DataSource={workspace.PathOf("t.duckdb")}");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT string_agg(id, ',' ORDER BY id) FROM t";
        return (string)command.ExecuteScalar()!;
    }

    private sealed class ShiftedTime : TimeProvider
    {
        private TimeSpan shift;

        public void Shift(TimeSpan by) => shift += by;

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + shift;
    }
}
