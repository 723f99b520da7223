using System.Text;
using Etl.LocalCloud;
using Xunit;

namespace Etl.Acceptance.Tests;

/// <summary>A real process whose run lasts longer than its Google token, which here lives for a minute of real time.</summary>
public sealed class TokenLifetimeTests : IDisposable
{
    private const int Objects = 40;
    private const int RowsEach = 6000;
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(60);
    private readonly Workspace workspace = new();

    public void Dispose() => workspace.Dispose();

    [Fact]
    public async Task ARunLongerThanItsTokenSignsInOnceALifetimeHoweverManyThreads()
    {
        WriteData();
        await using var cloud = await LocalCloudServer.StartAsync(new LocalCloudOptions { DataFolder = workspace.PathOf("cloud"), S3Folder = workspace.PathOf("data"), TokenLifetime = Life }, default);
        foreach (var (name, value) in cloud.Environment) workspace.Environment[name] = value;
        await using var line = new SlowLine(cloud.Endpoints.S3, bytesPerSecond: 80_000);
        workspace.Environment["AWS_ENDPOINT_URL_S3"] = line.Address;

        var running = workspace.SucceedAsync("run", "p.yaml", "--parallelism", "8");
        // The source is slow until the first token has ended, and no longer than that.
        while (!running.IsCompleted && !(SignIns(cloud) is [var signedIn, ..] && TimeProvider.System.GetUtcNow() - signedIn.At > Life)) await Task.Delay(100);
        line.Open();
        var run = await running;

        Assert.Contains($"{Objects * RowsEach:N0} read = {Objects * RowsEach:N0} loaded", run.Output, StringComparison.Ordinal);
        var signIns = SignIns(cloud);
        Assert.True(cloud.Requests.Last(r => r.Service is "cloud-storage" or "bigquery").At - signIns[0].At > Life, "the run ended before its first token did");
        Assert.True(signIns.Count >= 2, "there was one sign-in");
        Assert.Equal(signIns.Count, cloud.Requests.Count(r => r.Service == "google-sts"));
        // The next is asked for in the last quarter of a life, not before, and none twice.
        foreach (var (earlier, later) in signIns.Zip(signIns.Skip(1))) Assert.True(later.At - earlier.At >= 0.7 * Life, $"{later.At - earlier.At} between two sign-ins");
        // Nobody ever came with a token that had ended.
        Assert.DoesNotContain(cloud.Requests, r => r.Status == 401);
        Assert.True(cloud.Requests.Count(r => r.Service == "cloud-storage") > 2 * Objects);
    }

    private static IReadOnlyList<LocalCloud.Host.LoggedRequest> SignIns(LocalCloudServer cloud) => [.. cloud.Requests.Where(r => r is { Service: "iam-credentials", Status: 200 })];

    private void WriteData()
    {
        for (var i = 0; i < Objects; i++)
        {
            var text = new StringBuilder("id,name,note\n");
            for (var row = 0; row < RowsEach; row++) text.Append(i * RowsEach + row).Append(",n").Append(row).Append(",the quick brown fox jumps over it\n");
            workspace.Write($"data/acme/in/{i:D2}.csv", text.ToString());
        }

        workspace.Write("p.yaml", """
            name: minute
            source: { s3: { bucket: acme, prefix: in/ } }
            transforms: [ csv ]
            sinks:
              - gcs: { bucket: minute-staging }
              - bigquery: { project: proj-ect, dataset: minute, table: t }
            """);
    }
}
