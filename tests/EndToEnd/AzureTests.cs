using Azure.Storage;
using Azure.Storage.Blobs;
using Xunit;

[assembly: AssemblyFixture(typeof(Etl.TestSupport.AzuriteServer))]

namespace Etl.EndToEnd.Tests;

/// <summary>Between the local cloud and Azurite, by real processes.</summary>
public sealed class AzureTests(AzuriteServer azurite) : IAsyncLifetime
{
    private readonly Workspace workspace = new();
    private BlobContainerClient lake = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await azurite.StartAsync();
        lake = new BlobContainerClient(new Uri($"{azurite.Account}/lake{Guid.NewGuid():n}"), new StorageSharedKeyCredential("devstoreaccount1", AzuriteServer.AccountKey));
        await lake.CreateAsync(cancellationToken: Cancel);
        workspace.Environment["AZURE_ACCOUNT"] = azurite.Account.AbsoluteUri;
        workspace.Environment["AZURE_STORAGE_KEY"] = AzuriteServer.AccountKey;
    }

    public ValueTask DisposeAsync()
    {
        workspace.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task FilesInAzureAreTheResultAndAreWrittenOnce()
    {
        workspace.Write("p.yaml", Lake(", partition_by: [day]"));
        workspace.Write("data/acme/in/a.csv", "id,day\n1,2026-11-01\n2,2026-11-02\n3,\n");

        await workspace.SucceedAsync("run", "p.yaml", "--local");
        var second = await workspace.SucceedAsync("run", "p.yaml", "--local");
        workspace.Write("data/acme/in/b.csv", "id,day\n4,2026-11-01\n");
        var third = await workspace.SucceedAsync("run", "p.yaml", "--local");
        var state = await workspace.SucceedAsync("state", "show", "p.yaml", "--local");

        Assert.DoesNotContain("staged", second.Output, StringComparison.Ordinal);
        Assert.Contains("1 read = 1 staged", third.Output, StringComparison.Ordinal);
        Assert.Contains("2 objects", state.Output, StringComparison.Ordinal);
        Assert.Equal("2026-11-01:1,4;2026-11-02:2;-:3", await ReadAsync("SELECT string_agg(concat_ws(':', coalesce(day::DATE::VARCHAR, '-'), ids), ';' ORDER BY day NULLS LAST) FROM (SELECT day, string_agg(id, ',' ORDER BY id) AS ids FROM {0} GROUP BY day)"));
        Assert.DoesNotContain(AzuriteServer.AccountKey, string.Concat(await StateTextsAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task BlobsOfAzureAreLoadedIntoBigQueryOnce()
    {
        workspace.Write("p.yaml", Lake(""));
        workspace.Write("data/acme/in/a.csv", string.Concat(Enumerable.Range(0, 10_000).Select(i => $"{i},2026-11-01\n").Prepend("id,day\n")));
        workspace.Write("again.yaml", $$"""
            name: again
            source:
              azure: { account: "${AZURE_ACCOUNT}", container: {{lake.Name}}, account_key: "${AZURE_STORAGE_KEY}", prefix: silver/lake/, pattern: "**/*.parquet", required: true }
            transforms:
              - parquet
            sinks:
              - gcs: { bucket: acme-staging, prefix: again/ }
              - bigquery: { project: acme-analytics, dataset: sales, table: again }
            """);

        await workspace.SucceedAsync("run", "p.yaml", "--local");
        var first = await workspace.SucceedAsync("run", "again.yaml", "--local");
        await workspace.SucceedAsync("run", "again.yaml", "--local");
        var sums = await workspace.SucceedAsync("query", "SELECT CONCAT(COUNT(*), '|', SUM(id)) AS sums FROM `acme-analytics.sales.again`", "--local", "--project", "acme-analytics");

        Assert.Contains("10,000 read = 10,000 loaded + 0 rejected + 0 filtered", first.Output, StringComparison.Ordinal);
        Assert.Contains("10000|49995000", sums.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARefusalIsInWordsAndHoldsNoSecret()
    {
        workspace.Write("p.yaml", Lake("").Replace(lake.Name, "typo", StringComparison.Ordinal));
        workspace.Write("data/acme/in/a.csv", "id,day\n1,2026-11-01\n");

        var finished = await workspace.EtlAsync("run", "p.yaml", "--local");

        Assert.Equal(1, finished.ExitCode);
        Assert.Contains("There is no container typo in 127.0.0.1:", finished.Sentence, StringComparison.Ordinal);
        Assert.DoesNotContain(AzuriteServer.AccountKey, finished.ToString(), StringComparison.Ordinal);
    }

    private string Lake(string more) => $$"""
        name: lake
        source:
          s3: { bucket: acme, prefix: in/ }
        transforms:
          - csv: { header: true }
        sinks:
          - azure: { account: "${AZURE_ACCOUNT}", container: {{lake.Name}}, account_key: "${AZURE_STORAGE_KEY}", prefix: silver/{{more}} }
        """;

    private async Task<string> ReadAsync(string sql)
    {
        await foreach (var blob in lake.GetBlobsAsync(cancellationToken: Cancel))
            if (blob.Name.EndsWith(".parquet", StringComparison.Ordinal)) workspace.Write("read/" + blob.Name, (await lake.GetBlobClient(blob.Name).DownloadContentAsync(Cancel)).Value.Content.ToArray());
        return DuckFile.Ask(string.Format(System.Globalization.CultureInfo.InvariantCulture, sql, $"read_parquet('{workspace.PathOf("read")}/**/*.parquet', hive_partitioning = true)"));
    }

    private async Task<List<string>> StateTextsAsync()
    {
        var texts = new List<string>();
        await foreach (var blob in lake.GetBlobsAsync(cancellationToken: Cancel))
            if (blob.Name.Contains("_etl/", StringComparison.Ordinal)) texts.Add((await lake.GetBlobClient(blob.Name).DownloadContentAsync(Cancel)).Value.Content.ToString());
        Assert.NotEmpty(texts);
        return texts;
    }
}
