using System.Diagnostics;
using Etl.LocalCloud;
using Xunit;

namespace Etl.EndToEnd.Tests;

/// <summary>Real processes that want one pipeline at once, are paused, killed or stopped.</summary>
public sealed class LeaseTests : IAsyncLifetime
{
    private const int Objects = 40;
    private readonly Workspace workspace = new();
    private LocalCloudServer cloud = null!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "processes are paused by signals");
        for (var i = 0; i < Objects; i++) workspace.Write($"data/acme/in/{i:D3}.csv", $"id,name\n{i},n{i}\n");
        workspace.Write("p.yaml", """
            name: shared
            source: { s3: { bucket: acme, prefix: in/ } }
            transforms: [ csv ]
            sinks:
              - gcs: { bucket: shared-staging }
              - bigquery: { project: proj-ect, dataset: shared, table: t }
            """);
        cloud = await LocalCloudServer.StartAsync(new LocalCloudOptions { DataFolder = workspace.PathOf("cloud"), S3Folder = workspace.PathOf("data") }, default);
        foreach (var (name, value) in cloud.Environment) workspace.Environment[name] = value;
    }

    public async ValueTask DisposeAsync()
    {
        if (cloud is not null) await cloud.DisposeAsync();
        workspace.Dispose();
    }

    [Fact]
    public async Task WhileOneRunIsAtWorkAnotherIsTurnedAwayOrWaits()
    {
        using var first = await StagingAsync("--lease", "30m");
        await SignalAsync(first, "STOP");
        using var waiting = workspace.StartEtl("run", "p.yaml", "--wait");
        while (await waiting.StandardError.ReadLineAsync(TestContext.Current.CancellationToken) is { } line && !line.Contains("waiting for `etl run`", StringComparison.Ordinal))
        {
        }

        var second = await workspace.EtlAsync("run", "p.yaml");
        await SignalAsync(first, "CONT");

        Assert.Equal(75, second.ExitCode);
        Assert.Contains($"`etl run` on {Environment.MachineName} (process {first.Id})", second.Error, StringComparison.Ordinal);
        Assert.Contains("40 read = 40 loaded", (await EndAsync(first)).Output, StringComparison.Ordinal);
        var waited = await EndAsync(waiting);
        Assert.True(waited.ExitCode == 0, waited.ToString());
        Assert.Contains("nothing new to load; 40 objects", waited.Output, StringComparison.Ordinal);
        await LoadedOnceAsync();
    }

    [Fact]
    public async Task APausedRunLosesItsLeaseAndLoadsNothingWhenItWakes()
    {
        using var paused = await StagingAsync("--lease", "5s");
        await SignalAsync(paused, "STOP");

        var other = await workspace.EtlAsync("run", "p.yaml", "--wait");
        await SignalAsync(paused, "CONT");
        var woken = await EndAsync(paused);

        Assert.True(other.ExitCode == 0, other.ToString());
        Assert.Contains("An earlier process left run", other.Output, StringComparison.Ordinal);
        Assert.Contains("40 read = 40 loaded", other.Output, StringComparison.Ordinal);
        Assert.True(woken.ExitCode == 75, woken.ToString());
        Assert.Contains("no longer holds shared", woken.Error, StringComparison.Ordinal);
        await LoadedOnceAsync();
    }

    [Fact]
    public async Task ARunThatWasKilledOnThisMachineIsFinishedAtOnceByTheNext()
    {
        using var killed = await StagingAsync("--lease", "30m");
        killed.Kill();
        await killed.WaitForExitAsync(TestContext.Current.CancellationToken);
        workspace.Write("data/acme/in/999.csv", "id,name\n999,last\n");

        var next = await workspace.EtlAsync("run", "p.yaml");

        Assert.True(next.ExitCode == 0, next.ToString());
        Assert.Contains("An earlier process left run", next.Output, StringComparison.Ordinal);
        Assert.Contains("40 read = 40 loaded", next.Output, StringComparison.Ordinal);
        Assert.Contains("1 read = 1 loaded", next.Output, StringComparison.Ordinal);
        await LoadedOnceAsync(Objects + 1);
        var garbage = await workspace.SucceedAsync("gc", "p.yaml", "--older-than", "0s", "--yes");
        Assert.Matches(@"4\d staged files, \d+ records of 2 runs.* removed", garbage.Output);
        Assert.Equal(2, cloud.Requests.Count(r => r.Service == "bigquery" && r.Method == "POST" && r.Path.EndsWith("/jobs", StringComparison.Ordinal)) - 1); // one job was the count
    }

    [Fact]
    public async Task ARunThatIsStoppedBySignalLetsGoOfThePipeline()
    {
        using var stopped = await StagingAsync("--lease", "30m");
        await SignalAsync(stopped, "TERM");
        var end = await EndAsync(stopped);
        var show = await workspace.SucceedAsync("state", "show", "p.yaml");

        Assert.True(end.ExitCode == 143, end.ToString());
        Assert.Matches("Stopped after [0-9]+ of 40 splits", end.Error);
        Assert.Matches("at work +nobody", show.Output);
        Assert.Contains("left while staging; 40 objects", show.Output, StringComparison.Ordinal);
    }

    /// <summary>A run that has begun to stage.</summary>
    private async Task<Process> StagingAsync(params string[] arguments)
    {
        var process = workspace.StartEtl(["run", "p.yaml", "--parallelism", "1", .. arguments]);
        var before = Uploads();
        // Lease, manifest, state and what else is written before the first split, and some splits.
        while (Uploads() < before + 20)
        {
            Assert.False(process.HasExited, "it ended before it was to be interrupted");
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        return process;
    }

    private int Uploads() => cloud.Requests.Count(r => r is { Service: "cloud-storage", Method: "POST" or "PUT" });

    private async Task SignalAsync(Process process, string signal) => Assert.Equal(0, (await workspace.RunAsync("kill", "-" + signal, process.Id.ToString())).ExitCode);

    private static async Task<Finished> EndAsync(Process process)
    {
        var (output, error) = (process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new Finished(process.ExitCode, await output, await error);
    }

    private async Task LoadedOnceAsync(int rows = Objects)
    {
        var query = await workspace.SucceedAsync("query", "SELECT COUNT(*) AS n, COUNT(DISTINCT id) AS d FROM `proj-ect.shared.t`", "--pipeline", "p.yaml");
        Assert.Matches($@" {rows} │ +{rows} │", query.Output);
    }
}
