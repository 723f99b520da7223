using System.Text.Json.Nodes;
using Etl.Connectors.Gcp.Federation;
using Etl.Core.Connectors;
using Etl.Core.Errors;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Etl.Connectors.Gcp.Tests.Federation;

/// <summary>What <c>gcloud auth application-default login --impersonate-service-account</c> leaves behind.</summary>
public sealed class ImpersonatedSignInTests : Cloud
{
    private static readonly TrustedAddresses Production = new(AllowLoopback: false, Universe: null);
    private readonly string path = Path.Combine(Directory.CreateTempSubdirectory("etl-impersonated-").FullName, "adc.json");

    [Fact]
    public async Task APersonsTokenActsAsTheServiceAccount()
    {
        Assert.Equal("sa-1", await TokenAsync(File(Person())));

        Assert.Empty(Google.Exchanges);
        var asked = Assert.Single(Google.Impersonations);
        Assert.Equal("3600s", (string?)asked["lifetime"]);
        Assert.Null(asked["delegates"]);
        Assert.Equal(["POST /token", "POST /v1/projects/-/serviceAccounts/etl@acme.iam.gserviceaccount.com:generateAccessToken"], Google.Calls);
    }

    [Fact]
    public async Task AFederatedTokenActsAsTheServiceAccount()
    {
        var source = Configuration();
        source.Remove("service_account_impersonation_url");

        Assert.Equal("sa-1", await TokenAsync(File(source)));

        Assert.Single(Google.Exchanges);
    }

    [Fact]
    public async Task TheServiceAccountsInBetweenAreNamed()
    {
        var file = File(Person());
        file["delegates"] = new JsonArray("projects/-/serviceAccounts/between@acme.iam.gserviceaccount.com");

        await TokenAsync(file);

        Assert.Equal("projects/-/serviceAccounts/between@acme.iam.gserviceaccount.com", (string?)Google.Impersonations.Single()["delegates"]![0]);
    }

    [Fact]
    public async Task APersonWhoMayNotActIsToldHowToBeAllowed()
    {
        Google.ImpersonationRefusal = (403, """{"error":{"code":403,"message":"Permission 'iam.serviceAccounts.getAccessToken' denied on resource.","status":"PERMISSION_DENIED"}}""");

        var error = await Assert.ThrowsAsync<ServiceException>(() => TokenAsync(File(Person())));

        Assert.Contains("gcloud iam service-accounts add-iam-policy-binding etl@acme.iam.gserviceaccount.com --role=roles/iam.serviceAccountTokenCreator", error.Message);
        Assert.Contains("iam.serviceAccounts.getAccessToken", error.Message);
    }

    [Theory]
    [InlineData("""{"type":"service_account","private_key":"canary"}""", "has as source_credentials a service account key")]
    [InlineData("""{"type":"impersonated_service_account","refresh_token":"canary"}""", "authorized_user and external_account")]
    [InlineData("""{"client_secret":"canary"}""", "authorized_user and external_account")]
    [InlineData("null", "no source_credentials")]
    public void ASourceOfAnotherKindIsRefused(string source, string reason) => Refused(File(JsonNode.Parse(source)), reason);

    [Theory]
    [InlineData("https://evil.example/v1/projects/-/serviceAccounts/a:generateAccessToken")]
    [InlineData("https://iamcredentials.googleapis.com@evil.example/v1/projects/-/serviceAccounts/a:generateAccessToken")]
    [InlineData("https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/a:signBlob")]
    [InlineData("http://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/a:generateAccessToken")]
    [InlineData("http://127.0.0.1/v1/projects/-/serviceAccounts/a:generateAccessToken")]
    public void ItIsGooglesServiceAlone(string url)
    {
        var file = File(Person());
        file["service_account_impersonation_url"] = url;
        Refused(file, "service_account_impersonation_url");
    }

    [Fact]
    public void APersonsTokenIsAskedOfGoogleAlone()
    {
        var source = Person();
        source["token_uri"] = "https://evil.example/token";
        var error = Assert.Throws<ServiceException>(() => Session(File(source)));
        Assert.Contains("sends the refresh token elsewhere", error.Message);
        Assert.DoesNotContain("canary", error.Message);
    }

    [Fact]
    public void ItIsNoPipelinesFile() =>
        Assert.Contains("Leave `google: credentials:` out", Assert.Throws<ServiceException>(() => Context(File(Person()))).Message);

    private JsonObject Person() => new()
    {
        ["type"] = "authorized_user",
        ["client_id"] = "gcloud",
        ["client_secret"] = "canary",
        ["refresh_token"] = "canary",
        ["token_uri"] = Google.Address + "/token",
    };

    private JsonObject File(JsonNode? source) => new()
    {
        ["type"] = "impersonated_service_account",
        ["delegates"] = new JsonArray(),
        ["service_account_impersonation_url"] = Google.Address + "/v1/projects/-/serviceAccounts/etl@acme.iam.gserviceaccount.com:generateAccessToken",
        ["source_credentials"] = source,
    };

    private void Refused(JsonObject file, string reason)
    {
        System.IO.File.WriteAllText(path, file.ToJsonString());
        var error = Assert.Throws<ServiceException>(() => ImpersonatedFile.Check(path, CredentialsLayout.Read(path), Production));
        Assert.Contains(reason, error.Message);
        Assert.Contains(path, error.Message);
        Assert.DoesNotContain("canary", error.ToString());
    }

    private GoogleSession Session(JsonObject file)
    {
        System.IO.File.WriteAllText(path, file.ToJsonString());
        Environment.SetEnvironmentVariable("GOOGLE_APPLICATION_CREDENTIALS", path);
        try
        {
            return GoogleSession.Create(new ConnectorContext("orders", "/", local: false, Time, NullLoggerFactory.Instance, new Dictionary<Type, object>()), Aws);
        }
        finally
        {
            Environment.SetEnvironmentVariable("GOOGLE_APPLICATION_CREDENTIALS", null);
        }
    }

    private Task<string> TokenAsync(JsonObject file) => Session(file).Credential.GetAccessTokenForRequestAsync();
}
