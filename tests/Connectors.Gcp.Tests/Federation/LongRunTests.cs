using System.Text.Json.Nodes;
using Amazon.Runtime;
using Etl.Connectors.Gcp.Federation;
using Etl.Connectors.Gcp.Gcs;
using Etl.Core.Connectors;
using Etl.Core.Errors;
using Etl.Core.State;
using Etl.LocalCloud;
using Etl.LocalCloud.Iam;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Etl.Connectors.Gcp.Tests.Federation;

/// <summary>Runs that outlive their token, over real sockets, by a clock that both sides share.</summary>
[Collection("environment variables")]
public sealed class LongRunTests : IAsyncLifetime
{
    private const string Pool = "principalSet://iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/etl-pool/attribute.aws_role/arn:aws:sts::123456789012:assumed-role/";
    private readonly string folder = Directory.CreateTempSubdirectory("etl-long-").FullName;
    private readonly FakeTimeProvider ours = new(new DateTimeOffset(2026, 5, 6, 7, 8, 9, TimeSpan.Zero));
    private readonly FakeTimeProvider theirs = new(new DateTimeOffset(2026, 5, 6, 7, 8, 9, TimeSpan.Zero));
    private readonly List<IamBinding> account = [new("roles/iam.workloadIdentityUser", [Pool + "etl-runner"])];
    private LocalCloudServer cloud = null!;

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync()
    {
        foreach (var variable in (string[])["STORAGE_EMULATOR_HOST", TrustedAddresses.LoopbackVariable]) Environment.SetEnvironmentVariable(variable, null);
        if (cloud is not null) await cloud.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData(60, null)]
    [InlineData(3600, null)]
    [InlineData(3600, 600)]
    public async Task ARunOfManyTokensSignsInOncePerTokenHoweverManyThreads(int seconds, int? asked)
    {
        await StartAsync(TimeSpan.FromSeconds(seconds));
        using var store = Store(Context(config =>
        {
            if (asked is not null) config["service_account_impersonation"] = new JsonObject { ["token_lifetime_seconds"] = asked };
        }));

        const int Lives = 5;
        for (var life = 0; life < Lives; life++)
        {
            // Half a life, then past its end: the first half needs nothing new, the second one sign-in.
            for (var half = 0; half < 2; half++)
            {
                await Task.WhenAll(Enumerable.Range(0, 8).Select(i => WriteAsync(store, $"{life}-{half}-{i}")));
                Advance(TimeSpan.FromSeconds(asked ?? seconds) / 2);
            }
        }

        Assert.Equal(Lives, cloud.Requests.Count(r => r.Service == "google-sts"));
        Assert.Equal(Lives, cloud.Requests.Count(r => r.Service == "iam-credentials"));
        Assert.DoesNotContain(cloud.Requests, r => r.Status == 401);
    }

    [Fact]
    public async Task ARoleRevokedMidRunIsOneClearError()
    {
        await StartAsync(TimeSpan.FromSeconds(60));
        using var store = Store(Context());
        await WriteAsync(store, "before");

        account.Clear();
        Advance(TimeSpan.FromSeconds(50));
        await WriteAsync(store, "the old token still serves");
        Advance(TimeSpan.FromSeconds(10));
        var errors = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Assert.ThrowsAsync<ServiceException>(() => WriteAsync(store, $"after-{i}"))));

        var message = Assert.Single(errors.Select(e => e.Message).Distinct());
        Assert.Contains("roles/iam.workloadIdentityUser", message);
        Assert.All(errors, e => Assert.False(e.Transient));
    }

    [Fact]
    public async Task ATokenThatTheServiceRevokedIsReplacedOnce()
    {
        await StartAsync(TimeSpan.FromSeconds(60));
        var context = Context();
        using var store = Store(context);
        await WriteAsync(store, "before");

        // The clock of this side stands still while the other's goes on: to us the token looks good, and is refused.
        theirs.Advance(TimeSpan.FromSeconds(70));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => WriteAsync(store, $"after-{i}")));

        Assert.Equal(2, cloud.Requests.Count(r => r.Service == "iam-credentials"));
    }

    [Fact]
    public async Task WithoutImpersonationTheFederatedIdentityItselfIsGrantedAccess()
    {
        await StartAsync(TimeSpan.FromHours(1), new Dictionary<string, IReadOnlyList<IamBinding>> { ["buckets/staging"] = [new("roles/storage.objectUser", [Pool + "etl-runner"])] });
        using var store = Store(Context(config => config.AsObject().Remove("service_account_impersonation_url")));

        await WriteAsync(store, "direct");

        Assert.Single(cloud.Requests, r => r.Service == "google-sts");
        Assert.DoesNotContain(cloud.Requests, r => r.Service == "iam-credentials");
    }

    [Fact]
    public async Task EachMachineOfARunSignsInByItself()
    {
        await StartAsync(TimeSpan.FromHours(1));
        using var planner = Store(Context());
        using var worker = Store(Context());

        await WriteAsync(planner, "manifest");
        Assert.NotNull(await worker.ReadAsync("manifest", default));
        await WriteAsync(worker, "receipt");

        Assert.Equal(2, cloud.Requests.Count(r => r.Service == "google-sts"));
    }

    private async Task StartAsync(TimeSpan lifetime, IReadOnlyDictionary<string, IReadOnlyList<IamBinding>>? resources = null)
    {
        cloud = await LocalCloudServer.StartAsync(
            new LocalCloudOptions
            {
                DataFolder = Path.Combine(folder, "cloud"),
                TokenLifetime = lifetime,
                Time = theirs,
                Policy = new CloudPolicy { ServiceAccount = new ServiceAccountPolicy { Bindings = account }, Resources = resources },
            },
            default);
        Environment.SetEnvironmentVariable("STORAGE_EMULATOR_HOST", cloud.Environment["STORAGE_EMULATOR_HOST"]);
        Environment.SetEnvironmentVariable(TrustedAddresses.LoopbackVariable, "1");
    }

    private void Advance(TimeSpan by)
    {
        ours.Advance(by);
        theirs.Advance(by);
    }

    // What one process of a run has: a context of its own, and so a sign-in of its own.
    private ConnectorContext Context(Action<JsonNode>? change = null)
    {
        var config = JsonNode.Parse(File.ReadAllText(cloud.CredentialsFile))!;
        change?.Invoke(config);
        File.WriteAllText(Path.Combine(folder, "wif.json"), config.ToJsonString());
        var context = new ConnectorContext("orders", folder, local: false, ours, NullLoggerFactory.Instance, new Dictionary<Type, object> { [typeof(GoogleOptions)] = new GoogleOptions { Credentials = "wif.json" } });
        context.Shared(c => GoogleSession.Create(c, new Runner(cloud.Assume("etl-runner", TimeSpan.FromHours(12)))));
        return context;
    }

    private static GcsStateStore Store(ConnectorContext context) => new(new GcsStateOptions { Bucket = "staging" }, context);

    private static async Task WriteAsync(GcsStateStore store, string name) => await store.WriteAsync(name, "{}"u8.ToArray(), WriteCondition.Always, default);

    private sealed class Runner(IReadOnlyDictionary<string, string> aws) : IAwsIdentity
    {
        public Task<(ImmutableCredentials Credentials, string Region)> ResolveAsync(CancellationToken cancel) =>
            Task.FromResult((new ImmutableCredentials(aws["AWS_ACCESS_KEY_ID"], aws["AWS_SECRET_ACCESS_KEY"], aws["AWS_SESSION_TOKEN"]), aws["AWS_REGION"]));
    }
}
