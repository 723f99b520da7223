using System.Text.Json.Nodes;
using Amazon.Runtime;
using Etl.Connectors.Gcp.Federation;
using Etl.Core.Connectors;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Etl.Connectors.Gcp.Tests;

/// <summary>A fake Google, a credentials file that leads to it, and a run's context signed in with fixed AWS credentials. Tests that take it run one at a time: the services' addresses are environment variables.</summary>
[Collection("environment variables")]
public abstract class Cloud : IAsyncLifetime
{
    protected const string Audience = "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/pool/providers/aws";
    private readonly string folder = Directory.CreateTempSubdirectory("etl-gcp-").FullName;

    protected FakeGoogle Google { get; private set; } = null!;

    protected FixedIdentity Aws { get; } = new();

    protected virtual TimeProvider Time => TimeProvider.System;

    public async ValueTask InitializeAsync()
    {
        Google = await FakeGoogle.StartAsync(Time);
        Environment.SetEnvironmentVariable("STORAGE_EMULATOR_HOST", Google.Address);
        Environment.SetEnvironmentVariable("BIGQUERY_EMULATOR_HOST", Google.Address);
        Environment.SetEnvironmentVariable("GOOGLE_WIF_CONFIG", null);
        Environment.SetEnvironmentVariable(TrustedAddresses.LoopbackVariable, "1");
    }

    public async ValueTask DisposeAsync()
    {
        Environment.SetEnvironmentVariable("STORAGE_EMULATOR_HOST", null);
        Environment.SetEnvironmentVariable("BIGQUERY_EMULATOR_HOST", null);
        Environment.SetEnvironmentVariable("GOOGLE_WIF_CONFIG", null);
        Environment.SetEnvironmentVariable(TrustedAddresses.LoopbackVariable, null);
        await Google.DisposeAsync();
        Directory.Delete(folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    protected JsonObject Configuration() => new()
    {
        ["type"] = "external_account",
        ["audience"] = Audience,
        ["subject_token_type"] = "urn:ietf:params:aws:token-type:aws4_request",
        ["token_url"] = Google.Address + "/v1/token",
        ["service_account_impersonation_url"] = Google.Address + "/v1/projects/-/serviceAccounts/etl@acme.iam.gserviceaccount.com:generateAccessToken",
        ["credential_source"] = new JsonObject { ["environment_id"] = "aws1", ["regional_cred_verification_url"] = "https://sts.{region}.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15" },
    };

    protected ConnectorContext Context(JsonNode? configuration = null)
    {
        File.WriteAllText(Path.Combine(folder, "wif.json"), (configuration ?? Configuration()).ToJsonString());
        var context = new ConnectorContext("orders", folder, local: false, Time, NullLoggerFactory.Instance, new Dictionary<Type, object> { [typeof(GoogleOptions)] = new GoogleOptions { Credentials = "wif.json" } });
        context.Shared(c => GoogleSession.Create(c, Aws));
        return context;
    }

    protected sealed class FixedIdentity : IAwsIdentity
    {
        public int Calls { get; private set; }

        Task<(ImmutableCredentials Credentials, string Region)> IAwsIdentity.ResolveAsync(CancellationToken cancel)
        {
            Calls++;
            return Task.FromResult((new ImmutableCredentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "session-token=="), "ap-northeast-1"));
        }
    }
}
