using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Amazon.Runtime;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using Xunit;

namespace Etl.LocalCloud.Tests.Identity;

/// <summary>The chain of sign-in, and each way it is refused.</summary>
public sealed class TokenServicesTests(LocalCloudFixture fixture) : IClassFixture<LocalCloudFixture>
{
    private static readonly HttpClient Http = new();
    private readonly JsonNode config = JsonNode.Parse(File.ReadAllText(fixture.Server.CredentialsFile))!;

    [Fact]
    public async Task TheCallerIsToldItsArn()
    {
        var environment = fixture.Server.Environment;
        using var sts = new AmazonSecurityTokenServiceClient(
            new SessionAWSCredentials(environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"], environment["AWS_SESSION_TOKEN"]),
            new AmazonSecurityTokenServiceConfig { ServiceURL = fixture.Server.Endpoints.AwsSts.AbsoluteUri, AuthenticationRegion = environment["AWS_REGION"] });

        var identity = await sts.GetCallerIdentityAsync(new GetCallerIdentityRequest());

        Assert.Equal(("arn:aws:sts::123456789012:assumed-role/etl-runner/local-session", "123456789012"), (identity.Arn, identity.Account));
    }

    [Fact]
    public async Task ASignedRequestBecomesAServiceAccountsToken()
    {
        var federated = await ExchangeAsync(fixture.Server.Environment);
        var token = await ImpersonateAsync(federated["access_token"]!.GetValue<string>(), """{"scope":["https://www.googleapis.com/auth/cloud-platform"],"lifetime":"600s"}""");

        Assert.Equal("urn:ietf:params:oauth:token-type:access_token", federated["issued_token_type"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.OK, token.Status);
        Assert.NotNull(token.Body["accessToken"]);
        Assert.InRange(DateTimeOffset.Parse(token.Body["expireTime"]!.GetValue<string>()) - TimeProvider.System.GetUtcNow(), TimeSpan.FromSeconds(590), TimeSpan.FromSeconds(601));
    }

    [Fact]
    public async Task AWrongAudienceIsRefused()
    {
        var error = await ExchangeAsync(fixture.Server.Environment, audience: "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/x/providers/y");

        Assert.Equal("invalid_target", error["error"]!.GetValue<string>());
    }

    [Fact]
    public async Task AWrongSignatureIsRefused()
    {
        var wrong = new Dictionary<string, string>(fixture.Server.Environment) { ["AWS_SECRET_ACCESS_KEY"] = "wrong" };

        var error = await ExchangeAsync(wrong);

        Assert.Equal("invalid_grant", error["error"]!.GetValue<string>());
        Assert.Contains("SignatureDoesNotMatch", error["error_description"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExpiredAwsCredentialsAreRefused()
    {
        var error = await ExchangeAsync(fixture.Server.Assume("etl-runner", TimeSpan.FromSeconds(-1)));

        Assert.Contains("ExpiredToken", error["error_description"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ATokenRequestForAnotherTargetIsRefused()
    {
        var error = await ExchangeAsync(fixture.Server.Environment, target: "//iam.googleapis.com/other");

        Assert.Equal("invalid_grant", error["error"]!.GetValue<string>());
    }

    [Fact]
    public async Task ARoleThatMayNotImpersonateIsRefused()
    {
        var federated = await ExchangeAsync(fixture.Server.Assume("stranger", TimeSpan.FromHours(1)));

        var refused = await ImpersonateAsync(federated["access_token"]!.GetValue<string>(), """{"scope":["s"]}""");

        Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
        Assert.Equal("PERMISSION_DENIED", refused.Body["error"]!["status"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("""{"scope":["s"],"lifetime":"7200s"}""")]
    [InlineData("""{"scope":[]}""")]
    [InlineData("no json")]
    public async Task AWrongImpersonationRequestIsRefused(string body)
    {
        var federated = await ExchangeAsync(fixture.Server.Environment);

        Assert.Equal(HttpStatusCode.BadRequest, (await ImpersonateAsync(federated["access_token"]!.GetValue<string>(), body)).Status);
    }

    [Fact]
    public async Task AnUnknownTokenIsRefused() => Assert.Equal(HttpStatusCode.Unauthorized, (await ImpersonateAsync("unknown", """{"scope":["s"]}""")).Status);

    private async Task<JsonNode> ExchangeAsync(IReadOnlyDictionary<string, string> aws, string? audience = null, string? target = null)
    {
        audience ??= config["audience"]!.GetValue<string>();
        var response = await Http.PostAsJsonAsync(config["token_url"]!.GetValue<string>(), new JsonObject
        {
            ["grantType"] = "urn:ietf:params:oauth:grant-type:token-exchange",
            ["audience"] = audience,
            ["scope"] = "https://www.googleapis.com/auth/cloud-platform",
            ["requestedTokenType"] = "urn:ietf:params:oauth:token-type:access_token",
            ["subjectTokenType"] = "urn:ietf:params:aws:token-type:aws4_request",
            ["subjectToken"] = SubjectToken(aws, target ?? config["audience"]!.GetValue<string>()),
        });
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
    }

    private async Task<(HttpStatusCode Status, JsonNode Body)> ImpersonateAsync(string token, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, config["service_account_impersonation_url"]!.GetValue<string>())
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
            Headers = { { "Authorization", "Bearer " + token } },
        };
        using var response = await Http.SendAsync(request);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }

    // Signed here step by step, as the specification says, apart from the verifier.
    private string SubjectToken(IReadOnlyDictionary<string, string> aws, string target)
    {
        var url = new Uri(config["credential_source"]!["regional_cred_verification_url"]!.GetValue<string>());
        var date = TimeProvider.System.GetUtcNow().ToString("yyyyMMdd'T'HHmmss'Z'");
        var headers = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["host"] = url.Authority, ["x-amz-date"] = date, ["x-amz-security-token"] = aws["AWS_SESSION_TOKEN"], ["x-goog-cloud-target-resource"] = target,
        };
        var names = string.Join(';', headers.Keys);
        var canonical = $"POST\n/\n{url.Query[1..]}\n{string.Concat(headers.Select(h => $"{h.Key}:{h.Value}\n"))}\n{names}\n{Hash("")}";
        var scope = $"{date[..8]}/{aws["AWS_REGION"]}/sts/aws4_request";
        byte[] key = Encoding.UTF8.GetBytes("AWS4" + aws["AWS_SECRET_ACCESS_KEY"]);
        foreach (var part in scope.Split('/')) key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"AWS4-HMAC-SHA256\n{date}\n{scope}\n{Hash(canonical)}")));
        headers["Authorization"] = $"AWS4-HMAC-SHA256 Credential={aws["AWS_ACCESS_KEY_ID"]}/{scope}, SignedHeaders={names}, Signature={signature}";
        return Uri.EscapeDataString(new JsonObject
        {
            ["url"] = url.AbsoluteUri,
            ["method"] = "POST",
            ["headers"] = new JsonArray([.. headers.Select(h => new JsonObject { ["key"] = h.Key, ["value"] = h.Value })]),
        }.ToJsonString());
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
