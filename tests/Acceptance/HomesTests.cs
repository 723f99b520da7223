using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Etl.LocalCloud;
using Etl.LocalCloud.Homes;
using Xunit;

namespace Etl.Acceptance.Tests;

/// <summary>One pipeline file, one command, and every place that it runs in: only the environment differs. Each run is a process of its own, with the official AWS and Google libraries over sockets, and ends in rows in a BigQuery table.</summary>
public sealed partial class HomesTests : IDisposable
{
    private readonly Workspace workspace = new();

    public HomesTests() => WritePipeline(workspace);

    public void Dispose() => workspace.Dispose();

    /// <summary>Three rows, and the one pipeline file that takes them to a table from any home.</summary>
    internal static void WritePipeline(Workspace workspace)
    {
        workspace.Write("data/acme/in/a.csv", "id,name\n1,a\n2,b\n3,c\n");
        workspace.Write("p.yaml", """
            name: homes
            source: { s3: { bucket: acme, prefix: in/ } }
            transforms: [ csv ]
            sinks:
              - gcs: { bucket: homes-staging }
              - bigquery: { project: proj-ect, dataset: homes, table: t }
            """);
    }

    [Theory]
    [InlineData(Home.Keys, null)]
    [InlineData(Home.Profile, null)]
    [InlineData(Home.Sso, "aws-sso")]
    [InlineData(Home.AssumeRole, "aws-sts")]
    [InlineData(Home.Irsa, "aws-sts")]
    [InlineData(Home.PodIdentity, "aws-container")]
    [InlineData(Home.Ecs, "aws-container")]
    [InlineData(Home.Ec2, "aws-imds")]
    [InlineData(Home.Lambda, null)]
    [InlineData(Home.SnapStart, "aws-container")]
    public async Task OnAwsTheRowsArriveWithWhateverTheSdkFinds(Home home, string? asked)
    {
        await using var cloud = await StartAsync(home);
        var (proxy, file) = await RecordingProxy.StartAsync(cloud.CredentialsFile);
        await using var recording = proxy;
        workspace.Environment["GOOGLE_WIF_CONFIG"] = file;

        await LoadAndCountAsync();

        if (asked is not null) Assert.Contains(cloud.Requests, r => r.Service == asked && r.Status == 200);
        var token = JsonNode.Parse(Uri.UnescapeDataString(proxy.Requests[0].Form.Single(f => f.Key == "subject_token").Value))!;
        var authorization = token["headers"]!.AsArray().Single(h => (string?)h!["key"] == "authorization")!["value"]!.GetValue<string>();
        // The region is that of the place, from the variables, the profile or the instance's metadata.
        Assert.Equal("ap-northeast-1", Scope().Match(authorization).Groups[1].Value);
    }

    [Theory]
    [InlineData(Home.GoogleCloud, "google-metadata")]
    [InlineData(Home.GitHubActions, "github-oidc")]
    [InlineData(Home.TokenFile, "google-sts")]
    [InlineData(Home.Gcloud, "google-oauth")]
    [InlineData(Home.GcloudImpersonated, "iam-credentials")]
    public async Task ElsewhereTheSameFileSignsInAsThePlaceDoes(Home home, string asked)
    {
        await using var cloud = await StartAsync(home);

        await LoadAndCountAsync();

        Assert.Contains(cloud.Requests, r => r.Service == asked && r.Status == 200);
        // The AWS role here may read S3 and has no part in the sign-in to Google.
        Assert.DoesNotContain(cloud.Requests, r => r.Service == "aws-sts");
    }

    private async Task<LocalCloudServer> StartAsync(Home home)
    {
        var cloud = await LocalCloudServer.StartAsync(new LocalCloudOptions { DataFolder = workspace.PathOf("cloud"), S3Folder = workspace.PathOf("data"), Home = home }, default);
        foreach (var (name, value) in cloud.Environment) workspace.Environment[name] = value;
        return cloud;
    }

    private async Task LoadAndCountAsync()
    {
        var run = await workspace.SucceedAsync("run", "p.yaml");
        Assert.Contains("3 read = 3 loaded", run.Output, StringComparison.Ordinal);
        var query = await workspace.SucceedAsync("query", "SELECT COUNT(*) AS n, SUM(id) AS s FROM `proj-ect.homes.t`", "--pipeline", "p.yaml");
        Assert.Matches(@"3 │ +6 │", query.Output);
    }

    [GeneratedRegex(@"Credential=[A-Z0-9]+/\d{8}/([a-z0-9-]+)/sts/aws4_request")]
    private static partial Regex Scope();
}
