using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Amazon.Runtime;
using Amazon.Runtime.Internal.Auth;
using Etl.Connectors.Gcp.Federation;
using Etl.Core.Connectors;
using Etl.Core.Errors;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;
using GoogleHttp = Google.Apis.Http;

namespace Etl.Connectors.Gcp.Tests.Federation;

public sealed class GoogleSessionTests : Cloud
{
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 5, 6, 7, 8, 9, TimeSpan.Zero));

    protected override TimeProvider Time => time;

    [Fact]
    public async Task TwentyConcurrentUsesShareOneExchangeAndOneImpersonation()
    {
        var context = Context();
        var tokens = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => GoogleSession.Of(context).Credential.GetAccessTokenForRequestAsync())));

        Assert.All(tokens, t => Assert.Equal("sa-1", t));
        Assert.Single(Google.Exchanges);
        Assert.Single(Google.Impersonations);
        Assert.Equal(1, Aws.Calls);
    }

    [Fact]
    public async Task TheSubjectTokenIsASignedCallerIdentityRequestForThisProvider()
    {
        await GoogleSession.Of(Context()).Credential.GetAccessTokenForRequestAsync();

        var form = Google.Exchanges.Single();
        Assert.Equal(Audience, form["audience"]);
        Assert.Equal("urn:ietf:params:aws:token-type:aws4_request", form["subject_token_type"]);
        var request = JsonNode.Parse(Uri.UnescapeDataString(form["subject_token"]))!;
        var headers = request["headers"]!.AsArray().ToDictionary(h => h!["key"]!.GetValue<string>(), h => h!["value"]!.GetValue<string>());
        Assert.Equal("POST", request["method"]!.GetValue<string>());
        Assert.Equal("https://sts.ap-northeast-1.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15", request["url"]!.GetValue<string>());
        Assert.Equal(Audience, headers["x-goog-cloud-target-resource"]);
        Assert.Equal("session-token==", headers["x-amz-security-token"]);
        Assert.Equal("20260506T070809Z", headers["x-amz-date"]);

        // The AWS SDK signs the same request, canonicalised here by hand.
        var canonical = $"POST\n/\nAction=GetCallerIdentity&Version=2011-06-15\nhost:sts.ap-northeast-1.amazonaws.com\nx-amz-date:20260506T070809Z\nx-amz-security-token:session-token==\nx-goog-cloud-target-resource:{Audience}\n\nhost;x-amz-date;x-amz-security-token;x-goog-cloud-target-resource\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("")))}";
        var expected = AWS4Signer.ComputeSignature(new ImmutableCredentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", null), "ap-northeast-1", time.GetUtcNow().UtcDateTime, "sts", "host;x-amz-date;x-amz-security-token;x-goog-cloud-target-resource", canonical);
        Assert.EndsWith("Signature=" + expected.Signature, headers["authorization"]);
    }

    [Theory]
    [InlineData(null, 3600)]
    [InlineData(900, 900)]
    public async Task ATokenIsRenewedBeforeItExpires(int? asked, int seconds)
    {
        var configuration = Configuration();
        if (asked is not null) configuration["service_account_impersonation"] = new JsonObject { ["token_lifetime_seconds"] = asked };
        var credential = GoogleSession.Of(Context(configuration)).Credential;

        Assert.Equal("sa-1", await credential.GetAccessTokenForRequestAsync());
        Assert.Equal(seconds.ToString(CultureInfo.InvariantCulture) + "s", Google.Impersonations.Single()["lifetime"]!.GetValue<string>());
        time.Advance(TimeSpan.FromSeconds(seconds / 2));
        Assert.Equal("sa-1", await credential.GetAccessTokenForRequestAsync());
        time.Advance(TimeSpan.FromSeconds(seconds / 2));
        Assert.Equal("sa-2", await credential.GetAccessTokenForRequestAsync());
    }

    [Fact]
    public async Task ARefusedExchangeSaysWhatGoogleSaidAndWhatToDo()
    {
        Google.ExchangeRefusal = (400, """{"error":"invalid_target","error_description":"The target service indicated by the \"audience\" parameters is invalid."}""");
        var error = await Assert.ThrowsAsync<ServiceException>(() => GoogleSession.Of(Context()).Credential.GetAccessTokenForRequestAsync());
        Assert.Contains("The target service indicated", error.Message);
        Assert.Contains("providers list", error.Message);
        Assert.False(error.Transient);
    }

    [Theory]
    [InlineData("IQoJb3JpZ2luX2VjEPT%2Fcanary%2BcanarycanarycanarycanarycanaryAAAA")]
    [InlineData("ya29.canary-canary-canary-canary")]
    [InlineData("eyJhbGciOiJSUzI1NiJ9.eyJjYW5hcnkiOjF9.canarycanary")]
    [InlineData("Signature=canary")]
    public async Task ASecretThatGoogleRepeatsIsLeftOut(string secret)
    {
        Google.ExchangeRefusal = (400, $$"""{"error":"invalid_grant","error_description":"Could not verify {{secret}} of the request."}""");
        var error = await Assert.ThrowsAsync<ServiceException>(() => GoogleSession.Of(Context()).Credential.GetAccessTokenForRequestAsync());
        Assert.Contains("(left out) of the request", error.Message);
        Assert.DoesNotContain("canary", error.Message);
    }

    [Fact]
    public async Task AnAnswerThatIsNotGooglesIsSaidToBeNone()
    {
        Google.ImpersonationRefusal = (200, "<html>Please sign in to the wireless network</html>");
        var error = await Assert.ThrowsAsync<ServiceException>(() => GoogleSession.Of(Context()).Credential.GetAccessTokenForRequestAsync());
        Assert.Contains("did not answer as Google does", error.Message);
        Assert.True(error.Transient);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(900)]
    public async Task ARoleThatMayNotImpersonateIsToldHowToBeAllowed(int? lifetime)
    {
        Google.ImpersonationRefusal = (403, """{"error":{"code":403,"message":"Permission 'iam.serviceAccounts.getAccessToken' denied on resource.","status":"PERMISSION_DENIED"}}""");
        var configuration = Configuration();
        if (lifetime is not null) configuration["service_account_impersonation"] = new JsonObject { ["token_lifetime_seconds"] = lifetime };
        var error = await Assert.ThrowsAsync<ServiceException>(() => GoogleSession.Of(Context(configuration)).Credential.GetAccessTokenForRequestAsync());
        Assert.True(error.Message.Contains("iam.serviceAccounts.getAccessToken", StringComparison.Ordinal), error.ToString());
        Assert.Contains("roles/iam.workloadIdentityUser", error.Message);
        Assert.Contains("etl@acme.iam.gserviceaccount.com", error.Message);
        Assert.False(error.Transient);
    }

    [Theory]
    [InlineData("/v1/token")]
    [InlineData(":generateAccessToken")]
    public async Task NoProofAndNoTokenFollowsARedirect(string ending)
    {
        await using var elsewhere = await FakeGoogle.StartAsync(time);
        Google.Redirect = (ending, elsewhere.Address);
        var error = await Assert.ThrowsAsync<ServiceException>(() => GoogleSession.Of(Context()).Credential.GetAccessTokenForRequestAsync());
        Assert.Empty(elsewhere.Calls);
        Assert.Contains("redirect (HTTP 307)", error.Message);
        Assert.Contains("Nothing was sent on", error.Message);
    }

    [Theory]
    [InlineData(503, true)]
    [InlineData(400, false)]
    public async Task AnEmptyAnswerIsSaidToBeOne(int status, bool transient)
    {
        Google.ExchangeRefusal = (status, "");
        var error = await Assert.ThrowsAsync<ServiceException>(() => GoogleSession.Of(Context()).Credential.GetAccessTokenForRequestAsync());
        Assert.Contains("an empty answer", error.Message);
        Assert.Equal(transient, error.Transient);
    }

    [Fact]
    public async Task NoRequestWithATokenFollowsARedirect()
    {
        await using var elsewhere = await FakeGoogle.StartAsync(time);
        Google.Redirect = ("/moved", elsewhere.Address);
        using var client = new GoogleHttp.HttpClientFactory().CreateHttpClient(new GoogleHttp.CreateHttpClientArgs { Initializers = { GoogleSession.Of(Context()).Credential } });
        using var answer = await client.GetAsync(new Uri(Google.Address + "/moved"));
        Assert.Equal(307, (int)answer.StatusCode);
        Assert.Empty(elsewhere.Calls);
    }

    [Fact]
    public async Task AfterAFailedSignInTheNextUseTriesAgain()
    {
        Google.ExchangeRefusal = (500, "{}");
        var credential = GoogleSession.Of(Context()).Credential;
        Assert.True((await Assert.ThrowsAsync<ServiceException>(() => credential.GetAccessTokenForRequestAsync())).Transient);
        Google.ExchangeRefusal = null;
        Assert.Equal("sa-1", await credential.GetAccessTokenForRequestAsync());
    }

    [Fact]
    public void AServiceAccountKeyIsRefused()
    {
        var error = Assert.Throws<ServiceException>(() => Context(new JsonObject { ["type"] = "service_account", ["private_key"] = "a-secret" }));
        Assert.Contains("is a service account key", error.Message);
        Assert.DoesNotContain("a-secret", error.Message);
    }

    [Theory]
    [InlineData("token_url", "http://sts.googleapis.com/v1/token")]
    [InlineData("token_url", "https://sts.googleapis.com.evil.example/v1/token")]
    [InlineData("token_url", "https://evilgoogleapis.com/v1/token")]
    [InlineData("service_account_impersonation_url", "https://evil.example/x")]
    public void AnAddressOutsideGoogleIsRefused(string name, string url)
    {
        var configuration = Configuration();
        configuration[name] = url;
        Assert.Contains("sends credentials to", Assert.Throws<ServiceException>(() => Context(configuration)).Message);
    }

    [Fact]
    public void APersonsOwnSignInIsNoPipelinesFile()
    {
        var error = Assert.Throws<ServiceException>(() => Context(new JsonObject { ["type"] = "authorized_user", ["refresh_token"] = "a-secret" }));
        Assert.Contains("Leave `google: credentials:` out", error.Message);
        Assert.DoesNotContain("a-secret", error.Message);
    }

    [Fact]
    public void ARealConfigurationIsAccepted()
    {
        var configuration = Configuration();
        configuration["token_url"] = "https://sts.googleapis.com/v1/token";
        configuration["service_account_impersonation_url"] = "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/etl@acme.iam.gserviceaccount.com:generateAccessToken";
        Assert.NotNull(GoogleSession.Of(Context(configuration)));
    }

    [Fact]
    public void ALocalRunTakesTheFileThatTheEnvironmentNames()
    {
        Environment.SetEnvironmentVariable("GOOGLE_WIF_CONFIG", "/nonexistent/local.json");
        var settings = new Dictionary<Type, object> { [typeof(GoogleOptions)] = new GoogleOptions { Credentials = "wif.json" } };
        Assert.Contains("/nonexistent/local.json", Assert.Throws<ServiceException>(() => GoogleSession.Of(new ConnectorContext("orders", "/elsewhere", true, Time, NullLoggerFactory.Instance, settings))).Message);
        Assert.Contains("/elsewhere/wif.json", Assert.Throws<ServiceException>(() => GoogleSession.Of(new ConnectorContext("orders", "/elsewhere", false, Time, NullLoggerFactory.Instance, settings))).Message);
    }

    [Fact]
    public void AFileThatIsNotThereSaysHowToMakeIt()
    {
        var context = new ConnectorContext("orders", "/nonexistent", false, Time, NullLoggerFactory.Instance, new Dictionary<Type, object> { [typeof(GoogleOptions)] = new GoogleOptions { Credentials = "wif.json" } });
        Assert.Contains("create-cred-config", Assert.Throws<ServiceException>(() => GoogleSession.Of(context)).Message);
    }
}
