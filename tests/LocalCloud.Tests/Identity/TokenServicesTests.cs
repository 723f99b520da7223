using System.Net;
using Amazon.Runtime;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using Xunit;

namespace Etl.LocalCloud.Tests.Identity;

/// <summary>The chain of sign-in, and each way it is refused.</summary>
public sealed class TokenServicesTests(LocalCloudFixture fixture) : IClassFixture<LocalCloudFixture>
{
    private readonly GoogleSignIn google = fixture.SignIn;

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
        var federated = await google.ExchangeAsync(fixture.Server.Environment);
        var token = await google.ImpersonateAsync(federated["access_token"]!.GetValue<string>(), """{"scope":["https://www.googleapis.com/auth/cloud-platform"],"lifetime":"600s"}""");

        Assert.Equal("urn:ietf:params:oauth:token-type:access_token", federated["issued_token_type"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.OK, token.Status);
        Assert.NotNull(token.Body["accessToken"]);
        Assert.InRange(DateTimeOffset.Parse(token.Body["expireTime"]!.GetValue<string>()) - TimeProvider.System.GetUtcNow(), TimeSpan.FromSeconds(590), TimeSpan.FromSeconds(601));
    }

    [Fact]
    public async Task AWrongAudienceIsRefused()
    {
        var error = await google.ExchangeAsync(fixture.Server.Environment, audience: "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/x/providers/y");

        Assert.Equal("invalid_target", error["error"]!.GetValue<string>());
    }

    [Fact]
    public async Task AWrongSignatureIsRefused()
    {
        var wrong = new Dictionary<string, string>(fixture.Server.Environment) { ["AWS_SECRET_ACCESS_KEY"] = "wrong" };

        var error = await google.ExchangeAsync(wrong);

        Assert.Equal("invalid_grant", error["error"]!.GetValue<string>());
        Assert.Contains("SignatureDoesNotMatch", error["error_description"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExpiredAwsCredentialsAreRefused()
    {
        var error = await google.ExchangeAsync(fixture.Server.Assume("etl-runner", TimeSpan.FromSeconds(-1)));

        Assert.Contains("ExpiredToken", error["error_description"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ATokenRequestForAnotherTargetIsRefused()
    {
        var error = await google.ExchangeAsync(fixture.Server.Environment, target: "//iam.googleapis.com/other");

        Assert.Equal("invalid_grant", error["error"]!.GetValue<string>());
    }

    [Fact]
    public async Task ARoleThatMayNotImpersonateIsRefused()
    {
        var federated = await google.ExchangeAsync(fixture.Server.Assume("stranger", TimeSpan.FromHours(1)));

        var refused = await google.ImpersonateAsync(federated["access_token"]!.GetValue<string>(), """{"scope":["s"]}""");

        Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
        Assert.Equal("PERMISSION_DENIED", refused.Body["error"]!["status"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("""{"scope":["s"],"lifetime":"7200s"}""")]
    [InlineData("""{"scope":[]}""")]
    [InlineData("no json")]
    public async Task AWrongImpersonationRequestIsRefused(string body)
    {
        var federated = await google.ExchangeAsync(fixture.Server.Environment);

        Assert.Equal(HttpStatusCode.BadRequest, (await google.ImpersonateAsync(federated["access_token"]!.GetValue<string>(), body)).Status);
    }

    [Fact]
    public async Task AnUnknownTokenIsRefused() => Assert.Equal(HttpStatusCode.Unauthorized, (await google.ImpersonateAsync("unknown", """{"scope":["s"]}""")).Status);

    [Theory]
    [InlineData("GET", "Action=GetCallerIdentity&Version=2011-06-15", "/")]
    [InlineData("POST", "Action=AssumeRole&Version=2011-06-15", "/")]
    [InlineData("POST", "Version=2011-06-15", "/")]
    [InlineData("POST", "Action=GetCallerIdentity&Action=AssumeRole", "/")]
    [InlineData("POST", "Action=GetCallerIdentity&Version=2011-06-15", "/other")]
    public async Task OnlyAPostOfGetCallerIdentityProvesWhoTheCallerIs(string method, string query, string path)
    {
        var error = await google.ExchangeAsync(fixture.Server.Environment, method: method, query: query, path: path);

        Assert.Equal("invalid_request", error["error"]!.GetValue<string>());
        Assert.Contains("GetCallerIdentity", error["error_description"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ASignatureForAnotherServiceIsRefused()
    {
        var error = await google.ExchangeAsync(fixture.Server.Environment, service: "s3");

        Assert.Equal("invalid_grant", error["error"]!.GetValue<string>());
        Assert.Contains("Credential should be scoped to correct service: 'sts'", error["error_description"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ASignatureOfAnotherRegionThanTheEndpointsIsRefused()
    {
        var error = await google.ExchangeAsync(fixture.Server.Environment, region: "eu-west-3");

        Assert.Equal("invalid_grant", error["error"]!.GetValue<string>());
        Assert.Contains("Credential should be scoped to a valid region", error["error_description"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ASignatureOfAnotherDayThanItsDateIsRefused()
    {
        var error = await google.ExchangeAsync(fixture.Server.Environment, scopeDate: "20200101");

        Assert.Equal("invalid_grant", error["error"]!.GetValue<string>());
        Assert.Contains("Date in Credential scope does not match", error["error_description"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AwsStsRefusesASignatureForAnotherService()
    {
        var signed = google.Sign(fixture.Server.Environment, service: "s3", endpoint: fixture.Server.Endpoints.AwsSts);
        using var request = new HttpRequestMessage(HttpMethod.Post, signed.Url);
        foreach (var (name, value) in signed.Headers) request.Headers.TryAddWithoutValidation(name, value);
        using var http = new HttpClient();

        using var response = await http.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Contains("<Code>SignatureDoesNotMatch</Code>", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ASubjectTokenThatIsNoSerializedRequestIsRefused()
    {
        var error = await google.ExchangeAsync(fixture.Server.Environment, subjectToken: "no%20request");

        Assert.Equal("invalid_request", error["error"]!.GetValue<string>());
    }
}
