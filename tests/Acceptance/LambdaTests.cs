using System.Text.Json.Nodes;
using Etl.LambdaEmulator;
using Etl.LocalCloud;
using Xunit;

namespace Etl.Acceptance.Tests;

/// <summary>The real process as a Lambda function: every kind of event, several invocations of one process, failures.</summary>
public sealed class LambdaTests : IAsyncLifetime
{
    private static readonly TimeSpan Plenty = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(60);
    private readonly Workspace workspace = new();
    private readonly QueueEmulator queue = new();
    private LocalCloudServer cloud = null!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "processes are frozen by signals");
        workspace.Write("data/acme/in/a b.csv", "id,name\n1,one\n2,two\n");
        workspace.Write("pipelines/p.yaml", """
            name: ${PIPELINE_NAME:-events}
            source: { s3: { bucket: acme, prefix: in/ } }
            transforms: [ csv ]
            sinks:
              - gcs: { bucket: events-staging }
              - bigquery: { project: proj-ect, dataset: events, table: "${TABLE:-t}" }
            """);
        cloud = await LocalCloudServer.StartAsync(new LocalCloudOptions { DataFolder = workspace.PathOf("cloud"), S3Folder = workspace.PathOf("data"), TokenLifetime = Life }, default);
        foreach (var (name, value) in cloud.Environment) workspace.Environment[name] = value;
        workspace.Environment["ETL_PIPELINE"] = "pipelines/p.yaml";
        workspace.Environment["AWS_ENDPOINT_URL_SQS"] = queue.Endpoint;
    }

    public async ValueTask DisposeAsync()
    {
        if (cloud is not null) await cloud.DisposeAsync();
        await queue.DisposeAsync();
        workspace.Dispose();
    }

    [Fact]
    public async Task OneProcessTakesManyEventsAndLoadsEachObjectOnce()
    {
        await using var function = Start();

        var first = Answer(await function.InvokeAsync(S3Event("in/a+b.csv")), function);
        // Longer than a token lives: it has to be renewed by a process that did not notice the time pass.
        await Task.Delay(Life + TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        var again = Answer(await function.InvokeAsync(S3Event("in/a+b.csv")), function);
        workspace.Write("data/acme/in/c.csv", "id,name\n3,three\n");
        var late = Answer(await function.InvokeAsync(S3Event("in/c.csv")), function);
        var stale = Answer(await function.InvokeAsync(S3Event("in/a+b.csv")), function);

        Assert.Equal(2, (int)first["runs"]![0]!["rows"]!["loaded"]!);
        Assert.Empty(again["runs"]!.AsArray());
        Assert.Equal(1, (int)late["runs"]![0]!["rows"]!["loaded"]!);
        Assert.Empty(stale["runs"]!.AsArray());
        Assert.Equal(1, function.Starts);
        Assert.Contains("ObjectCreated:Put of s3://acme/in/a b.csv", function.Log, StringComparison.Ordinal);
        Assert.True(cloud.Requests.Count(r => r.Service == "iam-credentials") >= 2, "the token was not renewed");
        Assert.DoesNotContain(cloud.Requests, r => r.Status == 401);
        await LoadedAsync(3);
    }

    [Fact]
    public async Task ARequestNamesPipelineAndParameters()
    {
        workspace.Environment.Remove("ETL_PIPELINE");
        await using var function = Start();

        var nothing = await function.InvokeAsync("{}");
        var done = Answer(await function.InvokeAsync("""{ "pipeline": "pipelines/p.yaml", "parameters": { "TABLE": "named", "PIPELINE_NAME": "by_name" } }"""), function);
        var wrong = await function.InvokeAsync("""{ "pipline": "pipelines/p.yaml" }""");
        var outside = await function.InvokeAsync("""{ "pipeline": "../../etc/secrets.yaml" }""");
        var missing = await function.InvokeAsync("""{ "pipeline": "pipelines/none.yaml" }""");

        Failed(nothing, "Etl.Event", "ETL_PIPELINE");
        Assert.Equal("proj-ect.events.named", (string?)done["runs"]![0]!["loads"]![0]!["table"]);
        Failed(wrong, "Etl.Event", "did you mean \"pipeline\"?");
        Failed(outside, "Etl.Event", "below the function's folder");
        Failed(missing, "Etl.PipelineFile", "there is no such file");
        Assert.Equal(1, function.Starts);
    }

    [Fact]
    public async Task ABatchFailsOnlyForTheMessagesThatFailed()
    {
        await using var function = Start();
        queue.Put("{ \"Service\": \"Amazon S3\", \"Event\": \"s3:TestEvent\", \"Bucket\": \"acme\" }");
        queue.Put(S3Event("in/a+b.csv"));
        queue.Put(new JsonObject { ["Type"] = "Notification", ["TopicArn"] = "arn:aws:sns:ap-northeast-1:123456789012:t", ["Message"] = S3Event("in/a+b.csv") }.ToJsonString());
        queue.Put("not JSON");
        queue.Put("""{ "pipeline": "pipelines/p.yaml" }""");

        var outcome = await queue.DeliverAsync(function);

        Assert.True(outcome.Ending == Ending.Answered, function.Log);
        Assert.Equal(["not JSON"], queue.Waiting);
        await LoadedAsync(2);
    }

    [Fact]
    public async Task APipelineThatAnotherProcessHoldsIsAskedForAgainLater()
    {
        for (var i = 0; i < 40; i++) workspace.Write($"data/acme/in/{i:D3}.csv", $"id,name\n{i + 3},n{i}\n");
        await using var function = Start();
        using var holder = workspace.StartEtl("run", "pipelines/p.yaml", "--parallelism", "1", "--lease", "30m");
        while (cloud.Requests.Count(r => r is { Service: "cloud-storage", Method: "POST" or "PUT" }) < 8)
        {
            Assert.False(holder.HasExited, "it ended before it was to be paused");
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        Assert.Equal(0, (await workspace.RunAsync("kill", "-STOP", $"{holder.Id}")).ExitCode);

        queue.Put(S3Event("in/a+b.csv"));
        var batch = await queue.DeliverAsync(function);
        var call = await function.InvokeAsync("{}");

        Assert.Equal(Ending.Answered, batch.Ending);
        Assert.Contains("is left in the queue: events is being worked on by `etl run`", function.Log, StringComparison.Ordinal);
        Failed(call, "Etl.Busy", $"(process {holder.Id})");
        Assert.Single(queue.Waiting);

        // Once it is gone, the next delivery finishes what it began.
        holder.Kill();
        await holder.WaitForExitAsync(TestContext.Current.CancellationToken);
        await queue.DeliverAsync(function);
        Assert.Empty(queue.Waiting);
        await LoadedAsync(42);
    }

    [Fact]
    public async Task APipelineFileThatIsWrongFailsTheStartWithItsErrors()
    {
        workspace.Write("pipelines/p.yaml", "name: events\nsuorce: { s3: { bucket: acme } }\ntransforms: [ csv ]\nsinks: [ file: { path: out } ]\n");
        await using var function = Start();

        var outcome = await function.InvokeAsync("{}");

        Assert.Equal(Ending.InitFailed, outcome.Ending);
        Assert.Equal("Etl.PipelineFile", (string?)JsonNode.Parse(outcome.Body)!["errorType"]);
        Assert.Contains("p.yaml:2:1: unknown key \\u0022suorce\\u0022", outcome.Body, StringComparison.Ordinal);
        Assert.Equal(2, function.ExitCode);
    }

    [Fact]
    public async Task OutsideOfLambdaTheCommandSaysWhatItIsFor()
    {
        var run = await workspace.EtlAsync("lambda");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("AWS_LAMBDA_RUNTIME_API is not set", run.Error, StringComparison.Ordinal);
    }

    private FunctionEmulator Start() => new(LambdaFunctions.Setup(workspace, Plenty));

    private static JsonNode Answer(Outcome outcome, FunctionEmulator function)
    {
        Assert.True(outcome.Ending == Ending.Answered, $"{outcome}\n{function.Log}");
        return JsonNode.Parse(outcome.Body)!;
    }

    private static void Failed(Outcome outcome, string type, string words)
    {
        Assert.Equal(Ending.Failed, outcome.Ending);
        var error = JsonNode.Parse(outcome.Body)!;
        Assert.Equal(type, (string?)error["errorType"]);
        Assert.Contains(words, (string?)error["errorMessage"], StringComparison.Ordinal);
    }

    private static string S3Event(string key) => new JsonObject
    {
        ["Records"] = new JsonArray(new JsonObject
        {
            ["eventVersion"] = "2.1",
            ["eventSource"] = "aws:s3",
            ["eventName"] = "ObjectCreated:Put",
            ["s3"] = new JsonObject { ["bucket"] = new JsonObject { ["name"] = "acme" }, ["object"] = new JsonObject { ["key"] = key, ["size"] = 19 } },
        }),
    }.ToJsonString();

    private async Task LoadedAsync(int rows)
    {
        var query = await workspace.SucceedAsync("query", "SELECT COUNT(*) AS n, COUNT(DISTINCT id) AS d FROM `proj-ect.events.t`", "--project", "proj-ect");
        Assert.Matches($@" {rows} │ +{rows} │", query.Output);
    }
}
