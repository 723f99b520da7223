using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Etl.LambdaEmulator;
using Etl.LocalCloud;
using Xunit;

namespace Etl.Acceptance.Tests;

/// <summary>Objects that take longer than one invocation: the run stops before its time is over, the next invocation goes on, and the table is that of one run.</summary>
public sealed class LambdaDeadlineTests : IAsyncLifetime
{
    private const int Rows = 120_000;
    private const int Most = 60;
    private readonly Workspace workspace = new();
    private readonly QueueEmulator queue = new();
    private LocalCloudServer cloud = null!;
    private SlowLine line = null!;
    private TimeSpan limit;
    private int loads;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "processes are frozen by signals");
        cloud = await LocalCloudServer.StartAsync(new LocalCloudOptions { DataFolder = workspace.PathOf("cloud"), S3Folder = workspace.PathOf("data") }, default);
        foreach (var (name, value) in cloud.Environment) workspace.Environment[name] = value;
        workspace.Environment["AWS_ENDPOINT_URL_SQS"] = queue.Endpoint;
        workspace.Environment["ETL_PIPELINE"] = "many.yaml";
        WritePipeline("many");
        WritePipeline("once");
        WritePipeline("small");
    }

    public async ValueTask DisposeAsync()
    {
        if (line is not null) await line.DisposeAsync();
        if (cloud is not null) await cloud.DisposeAsync();
        await queue.DisposeAsync();
        workspace.Dispose();
    }

    [Fact]
    public async Task ALoopOfInvocationsLoadsWhatOneRunLoads()
    {
        await using var function = await StartAsync("big.csv", Encoding.UTF8.GetBytes(Text()));

        var continued = 0;
        var answer = "{}";
        for (var i = 0; JsonNode.Parse(answer)!["status"]?.GetValue<string>() != "done"; i++)
        {
            Assert.True(i < Most, $"not done after {Most} invocations\n{function.Log}");
            var outcome = await InvokeAsync(() => function.InvokeAsync(answer));
            // A crowded machine may not get through the plan; whoever calls tries again, as Step Functions does.
            if (outcome.Ending != Ending.Answered) continue;
            answer = outcome.Body;
            if (JsonNode.Parse(answer)!["status"]!.GetValue<string>() == "continue") continued++;
        }

        Assert.True(continued >= 1, function.Log);
        await SameTablesAsync();
    }

    [Fact]
    public async Task ThroughAQueueARunAsksForItselfAgainUntilItIsDone()
    {
        workspace.Environment["ETL_CONTINUE_QUEUE"] = queue.Url;
        await using var function = await StartAsync("big.csv", Encoding.UTF8.GetBytes(Text()));
        queue.Put("{}");

        for (var i = 0; queue.Waiting.Count > 0; i++)
        {
            Assert.True(i < Most, $"not done after {Most} invocations\n{function.Log}");
            await InvokeAsync(() => queue.DeliverAsync(function));
            // Sandboxes come and go.
            if (i % 3 == 2) function.Recycle();
        }

        Assert.True(queue.Sent >= 1, function.Log);
        await SameTablesAsync();
    }

    [Fact]
    public async Task InvocationsThatAreKilledLoseNoMoreThanTheirUnfinishedSplits()
    {
        await using var function = await StartAsync("big.csv", Encoding.UTF8.GetBytes(Text()));
        var killed = new List<Outcome>();
        for (var i = 0; i < 3; i++) killed.Add(await InvokeAsync(() => function.InvokeAsync("{}", killAfter: limit / 2)));

        var answer = "{}";
        for (var i = 0; JsonNode.Parse(answer)!["status"]?.GetValue<string>() != "done"; i++)
        {
            Assert.True(i < Most, $"not done after {Most} invocations\n{function.Log}");
            line.Open();
            var outcome = await function.InvokeAsync(answer);
            if (outcome.Ending == Ending.Answered) answer = outcome.Body;
        }

        Assert.All(killed, k => Assert.Equal(Ending.TimedOut, k.Ending));
        await SameTablesAsync();
    }

    [Fact]
    public async Task AnObjectThatOneInvocationCannotStageIsAnErrorNotALoop()
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(Encoding.UTF8.GetBytes(Text(Rows * 6)));
        workspace.Environment["ETL_CONTINUE_QUEUE"] = queue.Url;
        await using var function = await StartAsync("big.csv.gz", packed.ToArray());
        queue.Put("{}");

        Outcome outcome;
        var i = 0;
        do
        {
            Assert.True(i++ < Most, $"no error after {Most} invocations\n{function.Log}");
            outcome = await InvokeAsync(() => queue.DeliverAsync(function));
        }
        while (!outcome.Body.Contains("as the time before", StringComparison.Ordinal));

        Assert.Equal("Etl.NoProgress", (string?)JsonNode.Parse(outcome.Body)!["errorType"]);
        Assert.Contains("a compressed object is one split", outcome.Body, StringComparison.Ordinal);
        Assert.Equal(loads, Loads());
    }

    // Whatever the machine: an invocation is long enough to make a plan and stage something, and the object alone takes one and a half of them to come.
    private async Task<FunctionEmulator> StartAsync(string name, byte[] content)
    {
        workspace.Write("data/acme/in/small.csv", "id,note\n0,none\n");
        await using (var trial = new FunctionEmulator(LambdaFunctions.Setup(workspace, TimeSpan.FromMinutes(5))))
        {
            var outcome = await trial.InvokeAsync("{ \"pipeline\": \"small.yaml\" }");
            Assert.True(outcome.Ending == Ending.Answered, trial.Log);
            limit = TimeSpan.FromSeconds(3) + (2 * outcome.Took);
        }

        File.Delete(workspace.PathOf("data/acme/in/small.csv"));
        workspace.Write("data/acme/in/" + name, content);
        line = new SlowLine(cloud.Endpoints.S3, (int)(content.Length / (1.5 * limit.TotalSeconds)));
        loads = Loads();
        workspace.Environment["AWS_ENDPOINT_URL_S3"] = line.Address;
        var function = new FunctionEmulator(LambdaFunctions.Setup(workspace, limit));
        workspace.Environment["AWS_ENDPOINT_URL_S3"] = cloud.Environment["AWS_ENDPOINT_URL_S3"];
        return function;
    }

    // The line is wide while the run plans, and slow once it stages: before it does, it looks for receipts.
    private Task<Outcome> InvokeAsync(Func<Task<Outcome>> invoke)
    {
        var before = Looks();
        line.Open(until: () => Looks() > before);
        return invoke();
    }

    private int Looks() => cloud.Requests.Count(r => r.Service == "cloud-storage" && Uri.UnescapeDataString(r.Path).Contains("/receipts/", StringComparison.Ordinal));

    private int Loads() => cloud.Requests.Count(r => r.Service == "bigquery" && r.Method == "POST" && r.Path.EndsWith("/jobs", StringComparison.Ordinal));

    private async Task SameTablesAsync()
    {
        await workspace.SucceedAsync("run", "once.yaml");
        const string Same = "SELECT COUNT(*) AS n, SUM(id) AS s, SUM(LENGTH(note)) AS l FROM `proj-ect.lambda.{0}`";
        var many = await workspace.SucceedAsync("query", Same.Replace("{0}", "many", StringComparison.Ordinal), "--pipeline", "many.yaml");
        var once = await workspace.SucceedAsync("query", Same.Replace("{0}", "once", StringComparison.Ordinal), "--pipeline", "many.yaml");
        Assert.Equal(once.Output, many.Output);
        Assert.Contains($" {Rows} ", many.Output, StringComparison.Ordinal);
    }

    private static string Text(int rows = Rows)
    {
        var text = new StringBuilder("id,note\n");
        for (var i = 0; i < rows; i++)
            if (i % 1000 == 7) text.Append(CultureInfo.InvariantCulture, $"{i},\"a note of\ntwo lines that reads like rows:\n1,2\n\"\n");
            else text.Append(CultureInfo.InvariantCulture, $"{i},the quick brown fox number {i * 7919L % 100_003} jumps over it\n");
        return text.ToString();
    }

    private void WritePipeline(string name) => workspace.Write(name + ".yaml", $$"""
        name: {{name}}
        source: { s3: { bucket: acme, prefix: in/ } }
        transforms: [ csv: { split_size: 256kB } ]
        sinks:
          - gcs: { bucket: lambda-staging }
          - bigquery: { project: proj-ect, dataset: lambda, table: {{name}} }
        """);
}
