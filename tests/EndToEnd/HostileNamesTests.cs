using System.Text;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Etl.LocalCloud;
using Xunit;

namespace Etl.EndToEnd.Tests;

/// <summary>Names that whoever fills a bucket may choose: they must not become paths, commands or colours anywhere.</summary>
public sealed class HostileNamesTests : IAsyncLifetime
{
    private readonly Workspace workspace = new();
    private LocalCloudServer cloud = null!;
    private AmazonS3Client s3 = null!;

    public async ValueTask InitializeAsync()
    {
        cloud = await LocalCloudServer.StartAsync(new LocalCloudOptions { DataFolder = workspace.PathOf("cloud") }, default);
        var environment = cloud.Environment;
        foreach (var (name, value) in environment) workspace.Environment[name] = value;
        s3 = new AmazonS3Client(
            new SessionAWSCredentials(environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"], environment["AWS_SESSION_TOKEN"]),
            new AmazonS3Config { ServiceURL = cloud.Endpoints.S3.AbsoluteUri, ForcePathStyle = true, AuthenticationRegion = RegionEndpoint.APNortheast1.SystemName });
        await s3.PutBucketAsync("names");
    }

    public async ValueTask DisposeAsync()
    {
        s3.Dispose();
        await cloud.DisposeAsync();
        workspace.Dispose();
    }

    [Fact]
    public async Task ObjectsOfAnyKeyAreLoadedAndTheirKeysBecomeNoPaths()
    {
        string[] keys =
        [
            "in/../../up.csv", "in/..", "in/./dot.csv", "in//double.csv", "in/売上/表.csv", "in/a b+c%2F&?#.csv", "in/\u0001\u001b[31mred.csv", "in/back\\slash.csv",
            "in/" + new string('k', 1021), "in/" + string.Concat(Enumerable.Repeat("表", 340)) + "x",
        ];
        for (var i = 0; i < keys.Length; i++) await PutAsync(keys[i], $"id,name\n{i},{(i == 6 ? "x,y,z" : "n")}\n");
        WritePipeline("csv: { columns: [ { name: id, type: INT64 }, { name: name, type: STRING } ], rejects: { max: 50% }, repairs: { unquoted_delimiter: reject } }");

        var run = await workspace.EtlAsync("run", "p.yaml");

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Contains("10 read = ", run.Output, StringComparison.Ordinal);
        Assert.All([run.Output, run.Error], text => Assert.DoesNotContain("\u001b[31m", text, StringComparison.Ordinal));
        Assert.Equal(["cloud", "p.yaml"], Directory.EnumerateFileSystemEntries(workspace.Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal).Where(n => !n!.StartsWith('.')));
        Assert.False(File.Exists(Path.Combine(Path.GetDirectoryName(workspace.Folder)!, "up.csv")));
    }

    [Fact]
    public async Task AKeyInAnErrorCannotMoveTheCursor()
    {
        await PutAsync("in/\u001b[2J\u001b]0;title\u0007.csv.gz", [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1, 2, 3]);
        WritePipeline("csv");

        var run = await workspace.EtlAsync("run", "p.yaml");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("s3://names/in/", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(run.Output + run.Error, c => c is '\u001b' or '\u0007');
    }

    [Fact]
    public async Task ColumnNamesFromTheDataAreNamesAndNothingElse()
    {
        await PutAsync("in/a.csv", "id`; DROP TABLE `t,\"x\"\"; DROP TABLE t; --\",select,表,\"a.b\"\n1,2,3,4,5\n");
        WritePipeline("csv");

        var run = await workspace.SucceedAsync("run", "p.yaml");
        var rows = await workspace.SucceedAsync("query", "SELECT * FROM `proj-ect.names.t`", "--pipeline", "p.yaml");

        Assert.Contains("1 read = 1 loaded", run.Output, StringComparison.Ordinal);
        Assert.Matches("1 │ +2 │ +3 │ +4 │ +5 ", rows.Output);
    }

    [Fact]
    public async Task TheSameNamesAreSafeInDuckDb()
    {
        workspace.Write("in/a.csv", "id`; DROP TABLE `t,\"x\"\"; DROP TABLE t; --\",select,表,\"a.b\"\n1,2,3,4,5\n");
        workspace.Write("d.yaml", """
            name: names
            source: { file: { path: in/*.csv } }
            transforms: [ csv ]
            sinks:
              - file: { path: staged }
              - duckdb: { database: w.duckdb, table: t }
            """);

        Assert.Contains("1 read = 1 loaded", (await workspace.SucceedAsync("run", "d.yaml")).Output, StringComparison.Ordinal);
    }

    private void WritePipeline(string csv) => workspace.Write("p.yaml", $$"""
        name: names
        source: { s3: { bucket: names, prefix: in/ } }
        transforms:
          - {{csv}}
        sinks:
          - gcs: { bucket: names-staging }
          - bigquery: { project: proj-ect, dataset: names, table: t }
        """);

    private Task PutAsync(string key, string text) => PutAsync(key, Encoding.UTF8.GetBytes(text));

    private Task PutAsync(string key, byte[] bytes) => s3.PutObjectAsync(new PutObjectRequest { BucketName = "names", Key = key, InputStream = new MemoryStream(bytes) });
}
