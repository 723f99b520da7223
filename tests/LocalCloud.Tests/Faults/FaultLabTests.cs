using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Amazon.S3;
using Etl.LocalCloud.Faults;
using Etl.LocalCloud.Tests.BigQuery;
using Google;
using Google.Cloud.Storage.V1;
using Xunit;

namespace Etl.LocalCloud.Tests.Faults;

/// <summary>Each thing that can go wrong, met by the official clients or by plain HTTP.</summary>
public sealed class FaultLabTests(LocalCloudFixture fixture) : IClassFixture<LocalCloudFixture>, IDisposable
{
    private const string Bucket = "faults";
    private static readonly HttpClient Http = new();

    public void Dispose() => Use();

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task AnErrorComesInTheServicesOwnWordsWithTheWaitItAsksFor(int status)
    {
        Use(new FaultRule { Fault = FaultKind.Status, Status = status, RetryAfter = 7, Count = 2 });

        using var google = await Http.GetAsync(new Uri(fixture.Server.Endpoints.BigQuery, "/bigquery/v2/projects/proj/datasets"));
        using var aws = await Http.GetAsync(new Uri(fixture.Server.Endpoints.S3, "/shown-bucket/in/a.csv"));

        Assert.Equal(((HttpStatusCode)status, (HttpStatusCode)status), (google.StatusCode, aws.StatusCode));
        Assert.Equal(TimeSpan.FromSeconds(7), google.Headers.RetryAfter!.Delta);
        Assert.NotNull(JsonNode.Parse(await google.Content.ReadAsStringAsync())!["error"]!["errors"]![0]!["reason"]);
        Assert.Contains("<Code>", await aws.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AConnectionThatBreaksBeforeTheServiceActedLeavesNothing()
    {
        using var gcs = await fixture.GcsAsync();
        Use(new FaultRule { Fault = FaultKind.ResetBefore, Service = "cloud-storage", Count = null });

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => PutAsync("before"));
        Use();

        await Assert.ThrowsAsync<GoogleApiException>(() => gcs.GetObjectAsync(Bucket, "before"));
    }

    [Fact]
    public async Task AConnectionThatBreaksAfterTheServiceActedLeavesWhatItDid()
    {
        using var gcs = await fixture.GcsAsync();
        Use(new FaultRule { Fault = FaultKind.ResetAfter, Service = "cloud-storage" });

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => PutAsync("after"));

        Assert.Equal(4UL, (await gcs.GetObjectAsync(Bucket, "after")).Size);
    }

    [Fact]
    public async Task GooglesClientGoesOnFromTheServersOffsetAfterABreakInTheMiddleOfAChunk()
    {
        using var gcs = await fixture.GcsAsync();
        var bytes = new byte[3 * UploadObjectOptions.MinimumChunkSize + 17];
        new Random(3).NextBytes(bytes);
        var before = fixture.Server.Requests.Count;
        Use(new FaultRule { Fault = FaultKind.ResetDuring, Service = "cloud-storage", Method = "PUT", After = 1 });

        await gcs.UploadObjectAsync(Bucket, "resumed", null, new MemoryStream(bytes), new UploadObjectOptions { ChunkSize = UploadObjectOptions.MinimumChunkSize });

        var back = new MemoryStream();
        await gcs.DownloadObjectAsync(Bucket, "resumed", back);
        Assert.True(bytes.AsSpan().SequenceEqual(back.ToArray()));
        Assert.Single(fixture.Server.Requests.Skip(before), r => r is { Service: "cloud-storage", Method: "POST" });
        Assert.Equal(FaultKind.ResetDuring, fixture.Server.Faults.Done[^1].Fault);
    }

    [Fact]
    public async Task AnAnswerBreaksOffInTheMiddle()
    {
        using var s3 = fixture.S3();
        var url = await s3.GetPreSignedURLAsync(new() { BucketName = "shown-bucket", Key = "in/a.csv", Expires = TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(10), Protocol = Protocol.HTTP });
        // A client that tries nothing twice, not even on a connection that was in use.
        using var once = new HttpClient();
        Use(new FaultRule { Fault = FaultKind.Truncate, Service = "s3" });

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => once.GetStringAsync(new Uri(url)));

        Assert.Equal("a,b\n1,2\n", await once.GetStringAsync(new Uri(url)));
    }

    [Fact]
    public async Task BytesChangeOnTheWayInAndOut()
    {
        using var gcs = await fixture.GcsAsync();
        Use(new FaultRule { Fault = FaultKind.CorruptRequest, Service = "cloud-storage" });
        await PutAsync("damaged");
        Use(new FaultRule { Fault = FaultKind.CorruptResponse, Service = "cloud-storage", Path = "*alt=media*" });

        await Assert.ThrowsAnyAsync<IOException>(() => gcs.DownloadObjectAsync(Bucket, "damaged", new MemoryStream()));

        var back = new MemoryStream();
        await gcs.DownloadObjectAsync(Bucket, "damaged", back);
        Assert.Equal(("abcd"u8.Length, false), ((int)back.Length, back.ToArray().AsSpan().SequenceEqual("abcd"u8)));
    }

    [Fact]
    public async Task AnAnswerThatDripsComesWhole()
    {
        Use(new FaultRule { Fault = FaultKind.Drip, Service = "s3" });
        using var s3 = fixture.S3();
        using var answer = await s3.GetObjectAsync("shown-bucket", "in/a.csv");

        Assert.Equal("a,b\n1,2\n", await new StreamReader(answer.ResponseStream).ReadToEndAsync());
    }

    [Fact]
    public async Task AStaleListingIsTheFirstOne()
    {
        using var s3 = fixture.S3();
        await s3.PutBucketAsync("stale-bucket");
        await PutS3Async(s3, "1");
        await s3.ListObjectsV2Async(new() { BucketName = "stale-bucket" });
        await PutS3Async(s3, "2");
        Use(new FaultRule { Fault = FaultKind.StaleListing });

        var stale = await s3.ListObjectsV2Async(new() { BucketName = "stale-bucket" });
        var fresh = await s3.ListObjectsV2Async(new() { BucketName = "stale-bucket" });

        Assert.Equal((1, 2), (stale.S3Objects.Count, fresh.S3Objects.Count));
    }

    [Fact]
    public async Task CredentialsAreSaidToBeExpired()
    {
        using var s3 = fixture.S3();
        using var gcs = await fixture.GcsAsync();
        Use(new FaultRule { Fault = FaultKind.ExpiredToken, Count = 2 });

        Assert.Equal("ExpiredToken", (await Assert.ThrowsAsync<AmazonS3Exception>(() => s3.GetObjectAsync("shown-bucket", "in/a.csv"))).ErrorCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Assert.ThrowsAsync<GoogleApiException>(() => gcs.GetBucketAsync(Bucket))).HttpStatusCode);
    }

    [Fact]
    public async Task AJobSaidToBeADuplicateRuns()
    {
        var bigQuery = await ClientAsync();
        Use(new FaultRule { Fault = FaultKind.DuplicateJob });

        var refused = await bigQuery.LoadAsync("duplicate", "gs://loads/one.csv", """ "sourceFormat": "CSV", "schema": {"fields": [{"name": "a", "type": "INTEGER"}]} """, "same-id");
        var rows = await RowsWhenThereAsync(bigQuery, "duplicate");

        Assert.Equal("duplicate", (string)refused["error"]!["errors"]![0]!["reason"]!);
        Assert.Equal(["1"], rows);
    }

    [Fact]
    public async Task AJobThatFailsAfterItsRowsWereWrittenLeavesTheTableAsItWas()
    {
        var bigQuery = await ClientAsync();
        const string options = """ "sourceFormat": "CSV", "schema": {"fields": [{"name": "a", "type": "INTEGER"}]} """;
        await bigQuery.LoadAsync("half", "gs://loads/one.csv", options);
        Use(new FaultRule { Fault = FaultKind.FailJob, Reason = "internalError" });

        var failed = await bigQuery.LoadAsync("half", "gs://loads/one.csv", options);

        Assert.Equal("internalError", (string)failed["status"]!["errorResult"]!["reason"]!);
        Assert.Equal(["1"], (await bigQuery.RowsAsync("SELECT a FROM d.half")).Select(r => r[0]));
    }

    [Fact]
    public async Task TheSamePlanStrikesTheSameRequestsAndTellsWhich()
    {
        async Task<string> StruckAsync()
        {
            var before = fixture.Server.Faults.Done.Count;
            fixture.Server.Faults.Use(new FaultPlan { Seed = 11, Rules = [new FaultRule { Fault = FaultKind.Status, Service = "iam", Probability = 0.5, After = 3, Count = 5 }] });
            var answers = new StringBuilder();
            for (var i = 0; i < 20; i++)
            {
                using var answer = await Http.GetAsync(new Uri(fixture.Server.Endpoints.Iam, "/v1/x"));
                answers.Append(answer.StatusCode == HttpStatusCode.ServiceUnavailable ? '!' : '.');
            }

            Assert.Equal(5, fixture.Server.Faults.Done.Count - before);
            return answers.ToString();
        }

        var first = await StruckAsync();

        Assert.Equal(first, await StruckAsync());
        Assert.StartsWith("...", first, StringComparison.Ordinal);
        Assert.Contains("\"service\": \"iam\"", await Http.GetStringAsync(new Uri(fixture.Server.Endpoints.S3, "/_etl/faults")), StringComparison.Ordinal);
    }

    [Fact]
    public void APlanIsReadAsItIsWrittenAndAMisspeltKeyIsNamed()
    {
        var path = Path.Combine(fixture.Folder, "plan.json");
        File.WriteAllText(path, """{ "seed": 3, /* half of them */ "rules": [ { "fault": "reset-after", "service": "bigquery", "probability": 0.5, "count": null }, ] }""");
        var plan = FaultPlan.Read(path);
        Assert.Equal(new FaultRule { Fault = FaultKind.ResetAfter, Service = "bigquery", Probability = 0.5, Count = null }, Assert.Single(plan.Rules));
        File.WriteAllText(path, plan.ToJson());
        Assert.Equal(plan.Rules, FaultPlan.Read(path).Rules);

        File.WriteAllText(path, """{ "rules": [ { "falt": "reset-after" } ] }""");
        Assert.Contains("falt", Assert.Throws<InvalidDataException>(() => FaultPlan.Read(path)).Message, StringComparison.Ordinal);
    }

    private void Use(params FaultRule[] rules) => fixture.Server.Faults.Use(new FaultPlan { Rules = rules });

    private async Task PutAsync(string name)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(fixture.Server.Endpoints.CloudStorage, $"/upload/storage/v1/b/{Bucket}/o?uploadType=media&name={name}"));
        request.Headers.Authorization = new("Bearer", fixture.Server.SignInAs("tester@example.com"));
        request.Content = new ByteArrayContent("abcd"u8.ToArray());
        (await Http.SendAsync(request)).EnsureSuccessStatusCode();
    }

    private static Task PutS3Async(AmazonS3Client s3, string key) => s3.PutObjectAsync(new() { BucketName = "stale-bucket", Key = key, ContentBody = "x" });

    private async Task<BigQueryClient> ClientAsync()
    {
        var client = new BigQueryClient(fixture.Server, fixture.Server.SignInAs("tester@example.com"));
        await client.PutAsync("one.csv", "1\n");
        return client;
    }

    private static async Task<IEnumerable<string?>> RowsWhenThereAsync(BigQueryClient client, string table)
    {
        for (var i = 0; i < 600; i++)
        {
            var (_, job) = await client.CallAsync(HttpMethod.Get, "jobs/same-id");
            if ((string?)job["status"]?["state"] == "DONE") break;
            await Task.Delay(50);
        }

        return (await client.RowsAsync($"SELECT a FROM d.{table}")).Select(r => r[0]);
    }
}
