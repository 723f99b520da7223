using System.IO.Compression;
using System.Text;
using Xunit;

namespace Etl.EndToEnd.Tests;

/// <summary>What goes wrong in practice: each is one paragraph that names the object and the next step, exit code 1, and nothing in the table.</summary>
public sealed class BadInputTests : IDisposable
{
    private const string Good = "id,name\n1,a\n2,b\n";
    private readonly Workspace workspace = new();

    public BadInputTests() => WritePipeline();

    public void Dispose() => workspace.Dispose();

    public static TheoryData<string, byte[], string, string> Objects() => new()
    {
        { "empty.csv", [], "s3://acme/in/empty.csv", "empty" },
        { "header.csv", "id,name\n"u8.ToArray(), "s3://acme/in/header.csv", "header" },
        { "ragged.csv", "id,name\n1,a\n2,b,c,d\n3\n"u8.ToArray(), "dead-letters", "rejects.max" },
        { "binary.csv", Binary(), "s3://acme/in/binary.csv", "text" },
        { "cut.csv.gz", Gzip(Good)[..^12], "s3://acme/in/cut.csv.gz", "Upload" },
        { "damaged.csv.gz", Damaged(), "s3://acme/in/damaged.csv.gz", "Upload" },
    };

    [Theory]
    [MemberData(nameof(Objects))]
    public async Task AWrongObjectIsNamedAndNothingIsLoaded(string name, byte[] bytes, string says, string advises)
    {
        workspace.Write("data/acme/in/a-good.csv", Good);
        if (name is "header.csv" or "empty.csv") File.Delete(workspace.PathOf("data/acme/in/a-good.csv"));
        workspace.Write("data/acme/in/" + name, bytes);

        var run = await workspace.EtlAsync("run", "p.yaml", "--local");

        AssertParagraph(run, says, advises);
        await AssertNothingLoadedAsync();
    }

    [Fact]
    public async Task AWrongEncodingThatWasStatedRejectsTheRows()
    {
        WritePipeline(csv: "{ encoding: utf-8 }");
        workspace.Write("data/acme/in/sjis.csv", [.. "id,name\n1,"u8, 0x95, 0x5c, 0x8e, 0xa6, .. "\n"u8]);

        var run = await workspace.EtlAsync("run", "p.yaml", "--local");

        AssertParagraph(run, "dead-letters", "rejects.max");
        await AssertNothingLoadedAsync();
    }

    [Fact]
    public async Task AMissingBucketIsNamed()
    {
        WritePipeline(bucket: "no-such-bucket");

        AssertParagraph(await workspace.EtlAsync("run", "p.yaml", "--local"), "no-such-bucket", "bucket");
    }

    [Fact]
    public async Task NoObjectIsAWarning()
    {
        workspace.Write("data/acme/other/file.csv", Good);

        var run = await workspace.EtlAsync("run", "p.yaml", "--local");

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Contains("No object matched", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoObjectIsAnErrorWhenSomeAreRequired()
    {
        WritePipeline(source: ", required: true");
        workspace.Write("data/acme/other/file.csv", Good);

        AssertParagraph(await workspace.EtlAsync("run", "p.yaml", "--local"), "s3://acme/in/", "required");
    }

    [Fact]
    public async Task MissingCredentialsAreExplained()
    {
        workspace.Write("data/acme/in/a.csv", Good);
        await using var cloud = await LocalCloudProcess.StartAsync(workspace, "--data", workspace.PathOf("data"));
        foreach (var name in new[] { "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN" }) workspace.Environment[name] = null;

        AssertParagraph(await workspace.EtlAsync("run", "p.yaml"), "credentials", "AWS_PROFILE");
    }

    [Fact]
    public async Task ADeniedBucketIsExplained()
    {
        workspace.Write("data/acme/in/a.csv", Good);
        await using var cloud = await LocalCloud.LocalCloudServer.StartAsync(new LocalCloud.LocalCloudOptions { DataFolder = workspace.PathOf("cloud"), S3Folder = workspace.PathOf("data") }, default);
        UseAs(cloud, cloud.Assume("etl-runner", TimeSpan.FromHours(1), mayUseS3: false));

        AssertParagraph(await workspace.EtlAsync("run", "p.yaml"), "acme", "s3:ListBucket");
    }

    [Fact]
    public async Task ARoleThatMayNotImpersonateIsExplained()
    {
        workspace.Write("data/acme/in/a.csv", Good);
        await using var cloud = await LocalCloud.LocalCloudServer.StartAsync(new LocalCloud.LocalCloudOptions { DataFolder = workspace.PathOf("cloud"), S3Folder = workspace.PathOf("data") }, default);
        UseAs(cloud, cloud.Assume("stranger", TimeSpan.FromHours(1)));

        AssertParagraph(await workspace.EtlAsync("run", "p.yaml"), "iam.serviceAccounts.getAccessToken", "workloadIdentityUser");
    }

    [Fact]
    public async Task AFullDiskIsExplained()
    {
        var disk = workspace.PathOf("small");
        Directory.CreateDirectory(disk);
        var mounted = await workspace.RunAsync("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk);
        Assert.SkipUnless(mounted.ExitCode == 0, "a file system of 64 kB cannot be mounted here");
        try
        {
            workspace.Write("in/big.csv", "id,text\n" + string.Concat(Enumerable.Range(0, 50_000).Select(i => $"{i},{(i * 7919L) % 1_000_003:x}-{(i * 104_729L) % 15_485_863:x}\n")));
            workspace.Write("disk.yaml", "name: disk\nsource: { file: { path: in/big.csv } }\ntransforms: [ csv ]\nsinks: [ file: { path: small/out } ]\nstate: { folder: { path: state } }\n");

            AssertParagraph(await workspace.EtlAsync("run", "disk.yaml"), "small", "full");
            Assert.DoesNotContain(Directory.EnumerateFiles(disk, "*", SearchOption.AllDirectories), f => f.EndsWith(".parquet", StringComparison.Ordinal));
        }
        finally
        {
            await workspace.RunAsync("umount", disk);
        }
    }

    [Fact]
    public async Task SecretsAreInNoOutput()
    {
        workspace.Write("data/acme/in/a.csv", Good);
        await using var cloud = await LocalCloud.LocalCloudServer.StartAsync(new LocalCloud.LocalCloudOptions { DataFolder = workspace.PathOf("cloud"), S3Folder = workspace.PathOf("data") }, default);
        var stranger = cloud.Assume("stranger", TimeSpan.FromHours(1));
        UseAs(cloud, stranger);

        var failed = await workspace.EtlAsync("run", "p.yaml");
        UseAs(cloud, cloud.Environment);
        var worked = await workspace.SucceedAsync("run", "p.yaml");

        foreach (var secret in new[] { stranger, cloud.Environment }.SelectMany(e => new[] { e["AWS_SECRET_ACCESS_KEY"], e["AWS_SESSION_TOKEN"] }).Append("ya29."))
            Assert.DoesNotContain(secret, failed.ToString() + worked, StringComparison.Ordinal);
    }

    private static void AssertParagraph(Finished run, params string[] says)
    {
        Assert.True(run.ExitCode == 1, run.ToString());
        var error = run.Error[run.Error.IndexOf("error:", StringComparison.Ordinal)..];
        // Wrapped for the width of the console; the words are what counts.
        var words = string.Join(' ', error.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.All(says, word => Assert.Contains(word, words, StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", error, StringComparison.Ordinal);
    }

    private async Task AssertNothingLoadedAsync()
    {
        var query = await workspace.EtlAsync("query", "SELECT COUNT(*) AS n FROM `proj-ect.bad.t`", "--local");
        Assert.True(query.ExitCode == 1 || query.Output.Contains("│ 0 │", StringComparison.Ordinal), query.ToString());
    }

    private void UseAs(LocalCloud.LocalCloudServer cloud, IReadOnlyDictionary<string, string> credentials)
    {
        foreach (var (name, value) in cloud.Environment.Concat(credentials)) workspace.Environment[name] = value;
    }

    private void WritePipeline(string bucket = "acme", string source = "", string csv = "{}") => workspace.Write("p.yaml", $$"""
        name: bad
        google: { credentials: "${GOOGLE_WIF_CONFIG:-wif.json}" }
        source: { s3: { bucket: {{bucket}}, prefix: in/{{source}} } }
        transforms: [ csv: {{csv}} ]
        sinks:
          - gcs: { bucket: bad-staging }
          - bigquery: { project: proj-ect, dataset: bad, table: t }
        """);

    private static byte[] Gzip(string text)
    {
        var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Optimal)) gzip.Write(Encoding.UTF8.GetBytes(text));
        return target.ToArray();
    }

    private static byte[] Damaged()
    {
        var bytes = Gzip(string.Concat(Enumerable.Repeat(Good, 200)));
        bytes[^6] ^= 0xff;
        return bytes;
    }

    private static byte[] Binary()
    {
        var bytes = new byte[4096];
        new Random(3).NextBytes(bytes);
        "\u007fELF"u8.CopyTo(bytes);
        return bytes;
    }
}
