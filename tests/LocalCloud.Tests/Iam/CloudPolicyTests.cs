using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Amazon.S3;
using Etl.LocalCloud.Iam;
using Google;
using Google.Apis.Auth.OAuth2;
using Google.Cloud.Storage.V1;
using Xunit;

namespace Etl.LocalCloud.Tests.Iam;

/// <summary>A local cloud with a policy refuses as the services do.</summary>
public sealed class CloudPolicyTests : IAsyncDisposable
{
    private const string Loader = "serviceAccount:etl-loader@local-project.iam.gserviceaccount.com";
    private static readonly HttpClient Http = new();
    private readonly string folder = Directory.CreateTempSubdirectory("etl-policy-").FullName;
    private readonly List<LocalCloudServer> servers = [];

    public async ValueTask DisposeAsync()
    {
        foreach (var server in servers) await server.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private async Task<LocalCloudServer> StartAsync(CloudPolicy policy)
    {
        var server = await LocalCloudServer.StartAsync(new LocalCloudOptions { DataFolder = Path.Combine(folder, $"data-{servers.Count}"), Policy = policy }, default);
        servers.Add(server);
        return server;
    }

    private static CloudPolicy Grants(string resource, params string[] roles) => new()
    {
        Resources = new Dictionary<string, IReadOnlyList<IamBinding>> { [resource] = [.. roles.Select(r => new IamBinding(r, [Loader]))] },
    };

    private static async Task<StorageClient> StorageAsync(LocalCloudServer server) => await new StorageClientBuilder
    {
        BaseUri = server.Endpoints.CloudStorage.GetLeftPart(UriPartial.Authority) + "/storage/v1/",
        Credential = GoogleCredential.FromAccessToken(await new GoogleSignIn(server).TokenAsync()),
    }.BuildAsync();

    private static async Task<(HttpStatusCode Status, JsonNode Body)> BigQueryAsync(LocalCloudServer server, HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(server.Endpoints.BigQuery, "/bigquery/v2/projects/acme/" + path));
        request.Headers.Authorization = new("Bearer", await new GoogleSignIn(server).TokenAsync());
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await Http.SendAsync(request);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }

    [Fact]
    public async Task AnObjectMayBeWrittenOverByWhoMayDeleteIt()
    {
        using var storage = await StorageAsync(await StartAsync(Grants("buckets/acme-staging", "roles/storage.objectCreator")));

        await storage.UploadObjectAsync("acme-staging", "a", "text/plain", new MemoryStream([1]));
        var refused = await Assert.ThrowsAsync<GoogleApiException>(() => storage.UploadObjectAsync("acme-staging", "a", "text/plain", new MemoryStream([2])));

        Assert.Equal(HttpStatusCode.Forbidden, refused.HttpStatusCode);
        Assert.Equal("etl-loader@local-project.iam.gserviceaccount.com does not have storage.objects.delete access to the Google Cloud Storage object. Permission 'storage.objects.delete' denied on resource (or it may not exist).", refused.Error.Message);
    }

    [Fact]
    public async Task OnlyWhoMayListIsToldThatAnObjectIsNotThere()
    {
        var policy = Grants("buckets/acme-staging", "custom") with { Roles = new Dictionary<string, IReadOnlyList<string>> { ["custom"] = ["storage.objects.get"] } };
        using var reader = await StorageAsync(await StartAsync(policy));
        using var lister = await StorageAsync(await StartAsync(Grants("buckets/acme-staging", "roles/storage.objectViewer")));

        Assert.Equal(HttpStatusCode.Forbidden, (await Assert.ThrowsAsync<GoogleApiException>(() => reader.GetObjectAsync("acme-staging", "none"))).HttpStatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await Assert.ThrowsAsync<GoogleApiException>(() => lister.GetObjectAsync("acme-staging", "none"))).HttpStatusCode);
    }

    [Fact]
    public async Task TestIamPermissionsAnswersWithWhatIsGranted()
    {
        using var storage = await StorageAsync(await StartAsync(Grants("buckets/acme-staging", "roles/storage.objectViewer")));

        Assert.Equal(["storage.objects.get"], await storage.TestBucketIamPermissionsAsync("acme-staging", ["storage.objects.get", "storage.objects.delete"]));
        Assert.Null(await storage.TestBucketIamPermissionsAsync("other-bucket", ["storage.objects.get"]));
    }

    [Fact]
    public async Task BigQueryRefusesJobsDatasetsAndTablesInItsOwnWords()
    {
        var none = await StartAsync(Grants("projects/acme"));
        var jobs = await StartAsync(Grants("projects/acme", "roles/bigquery.jobUser"));

        var job = await BigQueryAsync(none, HttpMethod.Post, "jobs", """{"configuration":{"dryRun":true,"query":{"query":"SELECT 1","useLegacySql":false}}}""");
        var dataset = await BigQueryAsync(none, HttpMethod.Get, "datasets/sales");
        var table = await BigQueryAsync(none, HttpMethod.Get, "datasets/sales/tables/orders");
        var creates = await BigQueryAsync(jobs, HttpMethod.Post, "jobs", """{"configuration":{"dryRun":true,"query":{"query":"CREATE TABLE `acme`.`sales`.`x` (a BOOL)","useLegacySql":false}}}""");

        Assert.All([job, dataset, table, creates], r => Assert.Equal((HttpStatusCode.Forbidden, "accessDenied"), (r.Status, (string?)r.Body["error"]!["errors"]![0]!["reason"])));
        Assert.Equal("Access Denied: Project acme: User does not have bigquery.jobs.create permission in project acme.", (string?)job.Body["error"]!["message"]);
        Assert.Equal("Access Denied: Dataset acme:sales: Permission bigquery.datasets.get denied on dataset acme:sales (or it may not exist).", (string?)dataset.Body["error"]!["message"]);
        Assert.Equal("Access Denied: Table acme:sales.orders: Permission bigquery.tables.get denied on table acme:sales.orders (or it may not exist).", (string?)table.Body["error"]!["message"]);
        Assert.Equal("Access Denied: Dataset acme:sales: Permission bigquery.tables.create denied on dataset acme:sales (or it may not exist).", (string?)creates.Body["error"]!["message"]);
    }

    [Fact]
    public async Task ADryRunThatMakesATableMakesNone()
    {
        var server = await StartAsync(new CloudPolicy());
        await BigQueryAsync(server, HttpMethod.Post, "datasets", """{"datasetReference":{"datasetId":"sales"}}""");

        var dry = await BigQueryAsync(server, HttpMethod.Post, "jobs", """{"configuration":{"dryRun":true,"query":{"query":"CREATE TABLE `acme`.`sales`.`x` (a BOOL)","useLegacySql":false}}}""");

        Assert.Equal(HttpStatusCode.OK, dry.Status);
        Assert.Equal(HttpStatusCode.NotFound, (await BigQueryAsync(server, HttpMethod.Get, "datasets/sales/tables/x")).Status);
    }

    [Fact]
    public async Task AQueryTakesTheTablesDataAndADatasetInheritsItsProjects()
    {
        const string select = """{"configuration":{"dryRun":true,"query":{"query":"SELECT * FROM `acme.sales.orders`","useLegacySql":false}}}""";
        var jobs = await StartAsync(Grants("projects/acme", "roles/bigquery.jobUser"));
        var viewer = await StartAsync(Grants("projects/acme", "roles/bigquery.jobUser", "roles/bigquery.dataViewer"));

        Assert.Contains("bigquery.tables.getData", (string?)(await BigQueryAsync(jobs, HttpMethod.Post, "jobs", select)).Body["error"]!["message"], StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await BigQueryAsync(viewer, HttpMethod.Post, "jobs", select)).Status);
    }

    [Fact]
    public async Task AnAwsRolesPolicyIsHeldTo()
    {
        var document = JsonNode.Parse("""
            {"Version":"2012-10-17","Statement":[
              {"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::acme-exports","Condition":{"StringLike":{"s3:prefix":"in/*"}}},
              {"Effect":"Allow","Action":["s3:Get*","s3:PutObject"],"Resource":"arn:aws:s3:::acme-exports/in/*"},
              {"Effect":"Deny","Action":"s3:*","Resource":"arn:aws:s3:::acme-exports/in/secret*"}]}
            """)!.AsObject();
        var server = await StartAsync(new CloudPolicy { AwsRoles = new Dictionary<string, JsonObject> { ["etl-runner"] = document } });
        var other = server.Assume("other", TimeSpan.FromHours(1));
        using var admin = Client(server, other);
        await admin.PutBucketAsync("acme-exports");
        await admin.PutObjectAsync(new() { BucketName = "acme-exports", Key = "in/secret.csv", ContentBody = "a" });
        using var runner = Client(server, server.Environment);

        await runner.PutObjectAsync(new() { BucketName = "acme-exports", Key = "in/a.csv", ContentBody = "a" });
        Assert.Equal(2, (await runner.ListObjectsV2Async(new() { BucketName = "acme-exports", Prefix = "in/" })).S3Objects.Count);
        Assert.Equal("AccessDenied", (await Assert.ThrowsAsync<AmazonS3Exception>(() => runner.ListObjectsV2Async(new() { BucketName = "acme-exports", Prefix = "" }))).ErrorCode);
        Assert.Equal("AccessDenied", (await Assert.ThrowsAsync<AmazonS3Exception>(() => runner.GetObjectAsync("acme-exports", "in/secret.csv"))).ErrorCode);
        Assert.Contains("is not authorized to perform: s3:DeleteObject", (await Assert.ThrowsAsync<AmazonS3Exception>(() => runner.DeleteObjectAsync("acme-exports", "in/a.csv"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheDateIsTheCloudsOwn()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero));
        await using var server = await LocalCloudServer.StartAsync(new LocalCloudOptions { DataFolder = Path.Combine(folder, "then"), Time = time }, default);

        using var response = await Http.GetAsync(server.Endpoints.AwsSts);

        Assert.Equal(time.GetUtcNow(), response.Headers.Date);
    }

    [Fact]
    public void APolicyFileIsReadAndAMisspeltKeyIsRefused()
    {
        var path = Path.Combine(folder, "policy.json");
        File.WriteAllText(path, """{ "provider": { "accountId": "999999999999" }, /* strict */ "resources": { "buckets/b": [ { "role": "roles/storage.objectUser", "members": ["user:a"] } ] }, "disabledApis": [ "sts.googleapis.com" ] }""");
        var read = CloudPolicy.Read(path);
        Assert.Equal(("999999999999", "roles/storage.objectUser", "sts.googleapis.com"), (read.Provider.AccountId, read.Resources!["buckets/b"][0].Role, read.DisabledApis[0]));

        File.WriteAllText(path, """{ "providers": {} }""");
        Assert.Contains("providers", Assert.Throws<InvalidDataException>(() => CloudPolicy.Read(path)).Message, StringComparison.Ordinal);
    }

    private static AmazonS3Client Client(LocalCloudServer server, IReadOnlyDictionary<string, string> credentials) => new(
        new Amazon.Runtime.SessionAWSCredentials(credentials["AWS_ACCESS_KEY_ID"], credentials["AWS_SECRET_ACCESS_KEY"], credentials["AWS_SESSION_TOKEN"]),
        new AmazonS3Config { ServiceURL = server.Endpoints.S3.AbsoluteUri, ForcePathStyle = true, AuthenticationRegion = "ap-northeast-1", MaxErrorRetry = 0 });
}
