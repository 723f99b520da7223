using System.Net;
using Etl.LocalCloud.AwsSts;
using Etl.LocalCloud.BigQuery;
using Etl.LocalCloud.Faults;
using Etl.LocalCloud.Gcs;
using Etl.LocalCloud.GoogleSts;
using Etl.LocalCloud.Homes;
using Etl.LocalCloud.Host;
using Etl.LocalCloud.Iam;
using Etl.LocalCloud.IamCredentials;
using Etl.LocalCloud.Identity;
using Etl.LocalCloud.S3;
using Etl.LocalCloud.Sqs;
using Microsoft.AspNetCore.Http;

namespace Etl.LocalCloud;

/// <summary>S3, SQS, Cloud Storage, BigQuery and the sign-in services of both clouds, on loopback. Data survive in the folder; credentials and ports are new at each start.</summary>
public sealed class LocalCloudServer : IAsyncDisposable
{
    /// <summary>The region of everything at AWS.</summary>
    internal const string Region = "ap-northeast-1";

    private readonly AwsKeys keys;
    private readonly TokenAuthority tokens;
    private readonly RequestLog log = new();
    private readonly List<IAsyncDisposable> parts = [];

    private LocalCloudServer(LocalCloudOptions options) => (keys, tokens, Faults) = (new AwsKeys(options.Time), new TokenAuthority(options.Time), new FaultLab(options.Faults));

    /// <summary>Where the services listen.</summary>
    public LocalCloudEndpoints Endpoints { get; private set; } = null!;

    /// <summary>The <c>external_account</c> file that signs in to the local Google Cloud.</summary>
    public string CredentialsFile { get; private set; } = "";

    /// <summary>The environment variables that point the official libraries here, signed in as the home does (<see cref="LocalCloudOptions.Home"/>).</summary>
    public IReadOnlyDictionary<string, string> Environment { get; private set; } = new Dictionary<string, string>();

    /// <summary>The requests answered so far.</summary>
    public IReadOnlyList<LoggedRequest> Requests => log.Snapshot();

    /// <summary>What goes wrong, and what went wrong so far.</summary>
    public FaultLab Faults { get; }

    /// <summary>Opens all services.</summary>
    /// <exception cref="IOException">The data folder cannot be used.</exception>
    public static async Task<LocalCloudServer> StartAsync(LocalCloudOptions options, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        Directory.CreateDirectory(options.DataFolder);
        var server = new LocalCloudServer(options);
        try
        {
            await server.OpenAsync(options, cancel).ConfigureAwait(false);
            return server;
        }
        catch
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>New credentials of a role of the local AWS account, as environment variables.</summary>
    /// <param name="role">The role's name; only those in <see cref="LocalCloudOptions.AllowedRoles"/> may impersonate the service account.</param>
    /// <param name="lifetime">How long they are good.</param>
    /// <param name="mayUseS3">Whether the role's policy allows S3.</param>
    /// <param name="session">The session's name.</param>
    public IReadOnlyDictionary<string, string> Assume(string role, TimeSpan lifetime, bool mayUseS3 = true, string session = "local-session")
    {
        return Variables(keys.Assume(role, lifetime, mayUseS3, session));
    }

    /// <summary>Credentials as environment variables.</summary>
    internal static Dictionary<string, string> Variables(AwsKey key) => new()
    {
        ["AWS_ACCESS_KEY_ID"] = key.AccessKeyId,
        ["AWS_SECRET_ACCESS_KEY"] = key.SecretAccessKey,
        ["AWS_SESSION_TOKEN"] = key.SessionToken,
        ["AWS_REGION"] = Region,
        ["AWS_DEFAULT_REGION"] = Region,
    };

    /// <summary>A Google access token of a person, as <c>gcloud auth print-access-token</c> prints it, good for an hour.</summary>
    /// <param name="email">The person's address: <c>user:EMAIL</c> in bindings.</param>
    public string SignInAs(string email) => tokens.Issue(GoogleIdentity.User(email), TimeSpan.FromHours(1)).Token;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // The listeners first: a service's store closes when nobody asks any more.
        foreach (var part in Enumerable.Reverse(parts)) await part.DisposeAsync().ConfigureAwait(false);
        parts.Clear();
    }

    private async Task OpenAsync(LocalCloudOptions options, CancellationToken cancel)
    {
        var verifier = new SigV4Verifier(keys, options.Time);
        var (policy, access) = (options.Policy, new AccessControl(options.Policy, options.AllowedRoles));
        var s3 = new S3Service(new S3Store(Path.Combine(options.DataFolder, "s3"), options.S3Folder, options.Time), verifier, new AwsPolicies(policy), options.CreateMissing);

        var issuer = new OidcIssuer(options.Time);
        var s3Address = await ListenAsync("s3", s3.HandleAsync).ConfigureAwait(false);
        var awsSts = await ListenAsync("aws-sts", new AwsStsService(verifier, keys, issuer).HandleAsync).ConfigureAwait(false);
        var googleSts = await ListenAsync("google-sts", Guard("sts", new GoogleStsService(verifier, tokens, new WorkloadPool(policy.Provider), issuer, options.TokenLifetime).HandleAsync)).ConfigureAwait(false);
        var iamCredentials = await ListenAsync("iam-credentials", Guard("iamcredentials", new IamCredentialsService(tokens, access, options.TokenLifetime).HandleAsync)).ConfigureAwait(false);
        var objects = new GcsStore(Path.Combine(options.DataFolder, "gcs"), options.CreateMissing, options.Time);
        var cloudStorage = await ListenAsync("cloud-storage", Guard("storage", new GcsService(objects, tokens, access).HandleAsync)).ConfigureAwait(false);
        var warehouse = new BigQueryService(Path.Combine(options.DataFolder, "bigquery"), objects, tokens, access, options.CreateMissing, options.Time);
        parts.Add(warehouse);
        var bigQuery = await ListenAsync("bigquery", Guard("bigquery", warehouse.HandleAsync)).ConfigureAwait(false);
        var iam = await ListenAsync("iam", Guard("iam", new IamService(policy, access, tokens).HandleAsync)).ConfigureAwait(false);
        var queues = new SqsStore(Path.Combine(options.DataFolder, "sqs"), options.CreateMissing, options.Time);
        var sqs = await ListenAsync("sqs", new SqsService(queues, verifier, new AwsPolicies(policy), options.Time).HandleAsync).ConfigureAwait(false);
        Endpoints = new LocalCloudEndpoints(s3Address, awsSts, googleSts, iamCredentials, cloudStorage, bigQuery, iam, sqs);
        CredentialsFile = Host.CredentialsFile.Write(options.DataFolder, Endpoints, policy);
        var home = new HomeSetup(keys, tokens, issuer, (service, handler, at) => ListenAsync(service, handler, at), new HomeFiles(Path.Combine(options.DataFolder, "home"), Endpoints, policy, CredentialsFile), options);
        Environment = new Dictionary<string, string>(await home.OpenAsync(options.Home).ConfigureAwait(false))
        {
            ["AWS_ENDPOINT_URL_S3"] = Base(Endpoints.S3),
            ["AWS_ENDPOINT_URL_STS"] = Base(Endpoints.AwsSts),
            ["AWS_ENDPOINT_URL_SQS"] = Base(Endpoints.Sqs),
            ["STORAGE_EMULATOR_HOST"] = Base(Endpoints.CloudStorage),
            ["BIGQUERY_EMULATOR_HOST"] = Base(Endpoints.BigQuery),
            ["CLOUDSDK_API_ENDPOINT_OVERRIDES_IAM"] = Base(Endpoints.Iam) + "/",
            // The file's addresses are on loopback, which Etl trusts only when it is told to.
            ["ETL_ALLOW_LOOPBACK_SIGN_IN"] = "1",
        };

        RequestDelegate Guard(string api, RequestDelegate handler) => DisabledApis.Guard(api + ".googleapis.com", policy, handler);

        async Task<Uri> ListenAsync(string service, RequestDelegate handler, IPEndPoint? at = null)
        {
            var listener = await ServiceListener.StartAsync(service, log, options.Time, Faults.Around(service, handler), cancel, at).ConfigureAwait(false);
            parts.Add(listener);
            return listener.Address;
        }
    }

    private static string Base(Uri uri) => uri.GetLeftPart(UriPartial.Authority);
}
