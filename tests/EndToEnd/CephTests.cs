using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Xunit;

[assembly: AssemblyFixture(typeof(Etl.TestSupport.RadosGateway))]

namespace Etl.EndToEnd.Tests;

/// <summary>Against an S3 server of others, Ceph's, by real processes.</summary>
public sealed class CephTests(RadosGateway ceph) : IAsyncLifetime
{
    private readonly Workspace workspace = new();
    private readonly string bucket = "b" + Guid.NewGuid().ToString("n");
    private AmazonS3Client client = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var address = await ceph.AddressAsync();
        client = new AmazonS3Client(
            new BasicAWSCredentials(RadosGateway.AccessKey, RadosGateway.SecretKey),
            new AmazonS3Config { ServiceURL = address.AbsoluteUri, ForcePathStyle = true, AuthenticationRegion = "us-east-1", RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED });
        await client.PutBucketAsync(new PutBucketRequest { BucketName = bucket, UseClientRegion = false }, Cancel);
        foreach (var (name, value) in await ceph.EnvironmentAsync()) workspace.Environment[name] = value;
        workspace.Write("lake.yaml", $$"""
            name: lake
            source:
              s3: { bucket: {{bucket}}, prefix: in/ }
            transforms:
              - csv: { header: true, rejects: { max: 1 }, columns: [{ name: id, type: STRING }, { name: day, type: DATE }, { name: note, type: STRING }] }
            sinks:
              - s3: { bucket: {{bucket}}, prefix: silver/ }
            """);
    }

    public ValueTask DisposeAsync()
    {
        client?.Dispose();
        workspace.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task ObjectsAreLookedAtAndBecomeParquetOnce()
    {
        await PutAsync("in/a.csv", "id,day,note\n00017,2026-11-01,\"日本, 茶\"\n00018,2026-11-02,\n00019,soon,x\n");

        var inferred = await workspace.SucceedAsync("infer", $"s3://{bucket}/in/a.csv");
        var seen = await workspace.SucceedAsync("preview", $"s3://{bucket}/in/a.csv");
        var first = await workspace.SucceedAsync("run", "lake.yaml");
        var second = await workspace.SucceedAsync("run", "lake.yaml");
        await PutAsync("in/b.csv", "id,day,note\n00020,2026-11-04,x\n");
        var third = await workspace.SucceedAsync("run", "lake.yaml");
        var state = await workspace.SucceedAsync("state", "show", "lake.yaml");

        Assert.Contains("STRING", inferred.Output, StringComparison.Ordinal);
        Assert.Contains("日本, 茶", seen.Output, StringComparison.Ordinal);
        Assert.Contains("3 read = 2 staged + 1 rejected + 0 filtered", first.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("staged", second.Output, StringComparison.Ordinal);
        Assert.Contains("1 read = 1 staged", third.Output, StringComparison.Ordinal);
        Assert.Contains("2 objects", state.Output, StringComparison.Ordinal);
        Assert.Equal("00017:2026-11-01:日本, 茶;00018:2026-11-02:-;00020:2026-11-04:x", await ReadAsync());
        foreach (var finished in new[] { inferred, seen, first, second, third, state }) Assert.DoesNotContain(RadosGateway.SecretKey, finished.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ALargeObjectIsReadInPartsAndARunThatWasKilledIsFinished()
    {
        await PutAsync("in/large.csv", string.Concat(Enumerable.Range(0, 300_000).Select(i => $"{i},2026-11-{i % 28 + 1:00},note {i}\n").Prepend("id,day,note\n")));
        using (var killed = workspace.StartEtl("run", "lake.yaml"))
        {
            // Once its state is there it is under way.
            while (!killed.HasExited && (await client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = bucket, Prefix = "silver/_etl/" }, Cancel)).S3Objects is not { Count: > 0 }) await Task.Delay(20, Cancel);
            if (!killed.HasExited) killed.Kill();
            await killed.WaitForExitAsync(Cancel);
        }

        // A killed run holds its lease for a while; the next one waits for it.
        await workspace.SucceedAsync("run", "lake.yaml");

        Assert.Equal("300000|44999850000", await QueryAsync("SELECT concat_ws('|', count(*), sum(id::BIGINT)) FROM {0}"));
    }

    [Fact]
    public async Task ABucketThatIsNotThereIsSaidWithoutASecret()
    {
        workspace.Write("typo.yaml", (await File.ReadAllTextAsync(workspace.PathOf("lake.yaml"), Cancel)).Replace(bucket, "typo", StringComparison.Ordinal));

        var finished = await workspace.EtlAsync("run", "typo.yaml");

        Assert.Equal(1, finished.ExitCode);
        Assert.Contains("There is no bucket typo", finished.Sentence, StringComparison.Ordinal);
        Assert.DoesNotContain(RadosGateway.SecretKey, finished.ToString(), StringComparison.Ordinal);
    }

    private Task PutAsync(string key, string text) => client.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = key, ContentBody = text }, Cancel);

    private Task<string> ReadAsync() => QueryAsync("SELECT string_agg(concat_ws(':', id, day::VARCHAR, coalesce(note, '-')), ';' ORDER BY id) FROM {0}");

    private async Task<string> QueryAsync(string sql)
    {
        foreach (var found in (await client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = bucket, Prefix = "silver/lake/" }, Cancel)).S3Objects.Where(o => o.Key.EndsWith(".parquet", StringComparison.Ordinal)))
        {
            using var content = await client.GetObjectAsync(bucket, found.Key, Cancel);
            await content.WriteResponseStreamToFileAsync(workspace.PathOf("read", found.Key.Replace('/', '-')), append: false, Cancel);
        }

        return DuckFile.Ask(string.Format(System.Globalization.CultureInfo.InvariantCulture, sql, $"read_parquet('{workspace.PathOf("read")}/*.parquet')"));
    }
}
