using Etl.LocalCloud;
using Etl.LocalCloud.Homes;
using Etl.LocalCloud.Iam;
using Xunit;

namespace Etl.Acceptance.Tests;

/// <summary>Real processes that outlive their Google token, or lose the right to another.</summary>
public sealed class RefreshTests : IDisposable
{
    private const int Objects = 150;
    private readonly Workspace workspace = new();
    private readonly List<IamBinding> account =
    [
        new("roles/iam.workloadIdentityUser", ["principalSet://iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/etl-pool/attribute.aws_role/arn:aws:sts::123456789012:assumed-role/etl-runner"]),
    ];

    public RefreshTests()
    {
        for (var i = 0; i < Objects; i++) workspace.Write($"data/acme/in/{i:D3}.csv", $"id,name\n{i},n{i}\n");
        workspace.Write("p.yaml", """
            name: long
            source: { s3: { bucket: acme, prefix: in/ } }
            transforms: [ csv ]
            sinks:
              - gcs: { bucket: long-staging }
              - bigquery: { project: proj-ect, dataset: long, table: t }
            """);
    }

    public void Dispose() => workspace.Dispose();

    [Fact]
    public async Task ARunLongerThanItsTokenRenewsItAndLoadsEverything()
    {
        await using var cloud = await StartAsync(Home.Keys);

        var run = await workspace.SucceedAsync("run", "p.yaml", "--parallelism", "2");

        Assert.Contains("150 read = 150 loaded", run.Output, StringComparison.Ordinal);
        // Lives of two seconds: several sign-ins, and many requests for each.
        var signIns = cloud.Requests.Count(r => r.Service == "iam-credentials");
        Assert.InRange(signIns, 2, cloud.Requests.Count(r => r.Service == "cloud-storage") / 10);
        Assert.Equal(signIns, cloud.Requests.Count(r => r.Service == "google-sts"));
    }

    [Fact]
    public async Task ARoleRevokedMidRunEndsItWithOneErrorAndTheNextProcessGoesOnWithItsOwnSignIn()
    {
        await using (var cloud = await StartAsync(Home.Keys))
        {
            var running = workspace.EtlAsync("run", "p.yaml", "--parallelism", "2");
            while (!running.IsCompleted && cloud.Requests.Count(r => r is { Service: "cloud-storage", Method: "POST" }) < 20) await Task.Delay(20);
            account.Clear();
            var failed = await running;

            Assert.Equal(1, failed.ExitCode);
            Assert.Contains("roles/iam.workloadIdentityUser", failed.Error, StringComparison.Ordinal);
            Assert.Equal(2, failed.Error.Split("error: ").Length);
            Assert.DoesNotContain("   at ", failed.Error, StringComparison.Ordinal);
        }

        account.Add(new IamBinding("roles/iam.workloadIdentityUser", ["principalSet://iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/etl-pool/*"]));
        await using var later = await StartAsync(Home.Ecs);
        await workspace.SucceedAsync("run", "p.yaml");
        var query = await workspace.SucceedAsync("query", "SELECT COUNT(*) AS n, COUNT(DISTINCT id) AS d FROM `proj-ect.long.t`", "--pipeline", "p.yaml");

        Assert.Matches(@"150 │ +150 │", query.Output);
        Assert.Contains(later.Requests, r => r.Service == "aws-container");
    }

    private async Task<LocalCloudServer> StartAsync(Home home)
    {
        var cloud = await LocalCloudServer.StartAsync(
            new LocalCloudOptions
            {
                DataFolder = workspace.PathOf("cloud"),
                S3Folder = workspace.PathOf("data"),
                Home = home,
                TokenLifetime = TimeSpan.FromSeconds(2),
                Policy = new CloudPolicy { ServiceAccount = new ServiceAccountPolicy { Bindings = account } },
            },
            default);
        foreach (var name in workspace.Environment.Keys.Where(k => k.StartsWith("AWS_", StringComparison.Ordinal)).ToList()) workspace.Environment.Remove(name);
        foreach (var (name, value) in cloud.Environment) workspace.Environment[name] = value;
        return cloud;
    }
}
