using Xunit;

namespace Etl.EndToEnd.Tests;

/// <summary>The sign-in is made once per run, however much there is to do.</summary>
public sealed class SignInTests : IDisposable
{
    private readonly Workspace workspace = new();

    public void Dispose() => workspace.Dispose();

    [Fact]
    public async Task ARunExchangesAndImpersonatesOnceHoweverManyObjectsAndSinks()
    {
        for (var i = 0; i < 40; i++) workspace.Write($"data/acme/in/{i:D2}.csv", $"id,name\n{i},n{i}\n");
        workspace.Write("p.yaml", """
            name: many
            google: { credentials: "${GOOGLE_WIF_CONFIG:-wif.json}" }
            source: { s3: { bucket: acme, prefix: in/ } }
            transforms: [ csv ]
            sinks:
              - gcs: { bucket: many-staging }
              - bigquery: { project: proj-ect, dataset: many, table: first }
              - bigquery: { project: proj-ect, dataset: many, table: second }
            """);
        await using var cloud = await LocalCloud.LocalCloudServer.StartAsync(new LocalCloud.LocalCloudOptions { DataFolder = workspace.PathOf("cloud"), S3Folder = workspace.PathOf("data") }, default);
        foreach (var (name, value) in cloud.Environment) workspace.Environment[name] = value;

        var run = await workspace.SucceedAsync("run", "p.yaml", "--parallelism", "4");

        Assert.Contains("40 read = 40 loaded", run.Output, StringComparison.Ordinal);
        Assert.Equal(1, cloud.Requests.Count(r => r.Service == "google-sts"));
        Assert.Equal(1, cloud.Requests.Count(r => r.Service == "iam-credentials"));
        Assert.True(cloud.Requests.Count(r => r.Service == "cloud-storage") > 80);
        Assert.Equal(2, cloud.Requests.Count(r => r is { Service: "bigquery", Method: "POST" } && r.Path.EndsWith("/jobs", StringComparison.Ordinal)));
    }
}
