using System.Diagnostics;
using System.Text.Json.Nodes;
using Etl.LocalCloud;
using Xunit;

namespace Etl.EndToEnd.Tests;

/// <summary>One run by many processes: plan, several stage tasks at once, commit.</summary>
public sealed class StageTaskTests : IAsyncLifetime
{
    private const int Objects = 40;
    private readonly Workspace workspace = new();
    private LocalCloudServer cloud = null!;

    public async ValueTask InitializeAsync()
    {
        for (var i = 0; i < Objects; i++) workspace.Write($"data/acme/in/{i:D3}.csv", $"id,name\n{i},n{i}\n");
        Pipeline(declared: true);
        cloud = await LocalCloudServer.StartAsync(new LocalCloudOptions { DataFolder = workspace.PathOf("cloud"), S3Folder = workspace.PathOf("data") }, default);
        foreach (var (name, value) in cloud.Environment) workspace.Environment[name] = value;
    }

    public async ValueTask DisposeAsync()
    {
        if (cloud is not null) await cloud.DisposeAsync();
        workspace.Dispose();
    }

    [Fact]
    public async Task ManyProcessesLoadWhatOneWould()
    {
        var shown = JsonNode.Parse((await workspace.SucceedAsync("plan", "p.yaml", "--json", "--tasks", "3")).Output)!;
        Assert.Contains("no run is open", (await workspace.SucceedAsync("stage", "p.yaml", "--task", "0", "--of", "3")).Output, StringComparison.Ordinal);
        var plan = JsonNode.Parse((await workspace.SucceedAsync("plan", "p.yaml", "--json", "--open")).Output)!;
        var run = (string)plan["run"]!;
        Assert.Equal((run, Objects, Objects), ((string)shown["run"]!, (int)plan["splits"]!, shown["tasks"]!.AsArray().Sum(t => (int)t!["splits"]!)));

        // Three tasks and the twin of one, as four engines would say it.
        var tasks = new[]
        {
            Start("JOB_COMPLETION_INDEX=0", "--of", "3"),
            Start("AWS_BATCH_JOB_ARRAY_INDEX=1,AWS_BATCH_JOB_ARRAY_SIZE=3"),
            Start("CLOUD_RUN_TASK_INDEX=2,CLOUD_RUN_TASK_COUNT=3"),
            Start("SLURM_ARRAY_TASK_ID=3,SLURM_ARRAY_TASK_COUNT=3,SLURM_ARRAY_TASK_MIN=1"),
        };
        foreach (var task in tasks)
        {
            var end = await EndAsync(task);
            Assert.True(end.ExitCode == 0, end.ToString());
            Assert.Matches(@"1[34] of 1[34] splits staged; 1[34] rows read", end.Output);
        }

        var commit = await workspace.SucceedAsync("commit", "p.yaml", "--run", run);
        var again = await workspace.SucceedAsync("commit", "p.yaml", "--run", run);
        var late = await workspace.SucceedAsync("stage", "p.yaml", "--run", run, "--task", "0", "--of", "3");

        Assert.Contains("40 read = 40 loaded", commit.Output, StringComparison.Ordinal);
        Assert.Contains($"run {run} is committed", again.Output, StringComparison.Ordinal);
        Assert.Contains($"run {run} is committed", late.Output, StringComparison.Ordinal);
        await LoadedOnceAsync();
        Assert.Contains("40 objects were loaded", (await workspace.SucceedAsync("run", "p.yaml")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ATaskThatIsKilledIsMissedByTheCommitUntilItRanAgain()
    {
        await workspace.SucceedAsync("plan", "p.yaml", "--open");
        using (var killed = Start("JOB_COMPLETION_INDEX=0", "--of", "2", "--parallelism", "1"))
        {
            var before = Uploads();
            while (Uploads() < before + 8)
            {
                Assert.False(killed.HasExited, "it ended before it was killed");
                await Task.Delay(5, TestContext.Current.CancellationToken);
            }

            killed.Kill();
            await killed.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        await workspace.SucceedAsync("stage", "p.yaml", "--task", "1", "--of", "2");
        var early = await workspace.EtlAsync("commit", "p.yaml", "--of", "2");
        await workspace.SucceedAsync("stage", "p.yaml", "--task", "0", "--of", "2");
        await workspace.SucceedAsync("commit", "p.yaml");

        Assert.True(early.ExitCode == 3, early.ToString());
        Assert.Contains("With 2 tasks, these are of task 0.", string.Join(' ', early.Error.Split(['\n', ' '], StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        await LoadedOnceAsync();
    }

    [Fact]
    public async Task ATypeThatATaskBreaksEndsInExitCode4AndTheNextPlanWidensIt()
    {
        Pipeline(declared: false);
        for (var i = 0; i < 80; i++) workspace.Write($"data/acme/in/9{i:D2}.csv", $"id,name\n{900 + i},n{900 + i}\n");
        // Of 120 objects 64 are sampled, among them the first two, and not this one.
        workspace.Write("data/acme/in/002.csv", "id,name\nA2,n2\n");
        var plan = JsonNode.Parse((await workspace.SucceedAsync("plan", "p.yaml", "--json", "--open")).Output)!;
        Assert.Equal("INT64", (string)plan["schema"]![0]!["type"]!);

        var broken = await workspace.EtlAsync("stage", "p.yaml", "--task", "0", "--of", "1");
        var commit = await workspace.EtlAsync("commit", "p.yaml");
        var again = JsonNode.Parse((await workspace.SucceedAsync("plan", "p.yaml", "--json", "--open")).Output)!;
        await workspace.SucceedAsync("stage", "p.yaml", "--task", "0", "--of", "1");
        var end = await workspace.SucceedAsync("commit", "p.yaml");

        Assert.True(broken.ExitCode == 4, broken.ToString());
        Assert.Contains("s3://acme/in/002.csv, line 2", broken.Error, StringComparison.Ordinal);
        Assert.Equal(4, commit.ExitCode);
        Assert.Equal("STRING", (string)again["schema"]![0]!["type"]!);
        Assert.Contains("120 read = 120 loaded", end.Output, StringComparison.Ordinal);
    }

    private void Pipeline(bool declared) => workspace.Write("p.yaml", $$"""
        name: shared
        source: { s3: { bucket: acme, prefix: in/ } }
        transforms: [ csv{{(declared ? ": { columns: [ { name: id, type: INT64 }, { name: name, type: STRING } ] }" : "")}} ]
        sinks:
          - gcs: { bucket: shared-staging }
          - bigquery: { project: proj-ect, dataset: shared, table: t }
        """);

    private Process Start(string variables, params string[] arguments)
    {
        var set = variables.Split(',').Select(v => v.Split('=')).ToDictionary(v => v[0], v => v[1]);
        foreach (var (name, value) in set) workspace.Environment[name] = value;
        var process = workspace.StartEtl(["stage", "p.yaml", .. arguments]);
        foreach (var name in set.Keys) workspace.Environment.Remove(name);
        return process;
    }

    private int Uploads() => cloud.Requests.Count(r => r is { Service: "cloud-storage", Method: "POST" or "PUT" });

    private static async Task<Finished> EndAsync(Process process)
    {
        using (process)
        {
            var (output, error) = (process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return new Finished(process.ExitCode, await output, await error);
        }
    }

    private async Task LoadedOnceAsync()
    {
        var query = await workspace.SucceedAsync("query", "SELECT COUNT(*) AS n, COUNT(DISTINCT id) AS d FROM `proj-ect.shared.t`", "--pipeline", "p.yaml");
        Assert.Matches($@" {Objects} │ +{Objects} │", query.Output);
    }
}
