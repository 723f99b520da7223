using System.Net;
using System.Text.Json.Nodes;
using Etl.LocalCloud.Homes;
using Xunit;

namespace Etl.LocalCloud.Tests.Homes;

/// <summary>The endpoints of the homes refuse what the platforms' own refuse.</summary>
public sealed class HomesTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("etl-homes-").FullName;
    private readonly HttpClient http = new();

    public void Dispose()
    {
        http.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task InstanceMetadataWithoutASessionTokenIsRefused()
    {
        await using var cloud = await StartAsync(Home.Ec2);
        var address = cloud.Environment["AWS_EC2_METADATA_SERVICE_ENDPOINT"];

        using var old = await http.GetAsync(new Uri(address + "/latest/meta-data/iam/security-credentials/"));
        using var noLifetime = await http.PutAsync(new Uri(address + "/latest/api/token"), null);

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.BadRequest), (old.StatusCode, noLifetime.StatusCode));
    }

    [Fact]
    public async Task AContainersCredentialsAreForThatContainerAlone()
    {
        await using var cloud = await StartAsync(Home.PodIdentity);
        var uri = new Uri(cloud.Environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"]);
        var token = await File.ReadAllTextAsync(cloud.Environment["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"]);

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(uri, null));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(uri, token + "x"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(new Uri(uri, "/v2/credentials/other"), token));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(uri, token));
    }

    [Fact]
    public async Task AnExpiredSignInOfIdentityCenterIsRefused()
    {
        await using var cloud = await StartAsync(Home.Sso);
        using var request = new HttpRequestMessage(HttpMethod.Get, cloud.Environment["AWS_ENDPOINT_URL_SSO"] + "/federation/credentials?account_id=123456789012&role_name=etl-runner") { Headers = { { "x-amz-sso_bearer_token", "localsso-expired" } } };

        using var response = await http.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task AWebIdentityTokenForAnotherAudienceIsRefused()
    {
        await using var cloud = await StartAsync(Home.TokenFile);
        var googles = await File.ReadAllTextAsync(Path.Combine(folder, "home", "pod-token"));
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["Action"] = "AssumeRoleWithWebIdentity", ["RoleArn"] = "arn:aws:iam::123456789012:role/etl-runner", ["RoleSessionName"] = "s", ["WebIdentityToken"] = googles });

        using var response = await http.PostAsync(cloud.Endpoints.AwsSts, form);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("InvalidIdentityToken", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnIdentityTokenThatTheIssuerDidNotSignIsRefused()
    {
        await using var cloud = await StartAsync(Home.TokenFile);
        var config = JsonNode.Parse(await File.ReadAllTextAsync(cloud.Environment["GOOGLE_APPLICATION_CREDENTIALS"]))!;
        var token = await File.ReadAllTextAsync(Path.Combine(folder, "home", "pod-token"));

        Assert.Contains("access_token", await ExchangeAsync(config, token), StringComparison.Ordinal);
        Assert.Contains("invalid_grant", await ExchangeAsync(config, token[..token.LastIndexOf('.')] + ".AAAA"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task GooglesMetadataServerAnswersNobodyWithoutItsHeader()
    {
        await using var cloud = await StartAsync(Home.GoogleCloud);

        using var response = await http.GetAsync(new Uri($"http://{cloud.Environment["GCE_METADATA_HOST"]}/computeMetadata/v1/instance/service-accounts/default/token"));

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    private Task<LocalCloudServer> StartAsync(Home home) => LocalCloudServer.StartAsync(new LocalCloudOptions { DataFolder = folder, Home = home }, default);

    private async Task<HttpStatusCode> StatusAsync(Uri uri, string? authorization)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        if (authorization is not null) request.Headers.TryAddWithoutValidation("Authorization", authorization);
        using var response = await http.SendAsync(request);
        return response.StatusCode;
    }

    private async Task<string> ExchangeAsync(JsonNode config, string token)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "urn:ietf:params:oauth:grant-type:token-exchange",
            ["audience"] = (string)config["audience"]!,
            ["subject_token_type"] = (string)config["subject_token_type"]!,
            ["subject_token"] = token,
        });
        using var response = await http.PostAsync(new Uri((string)config["token_url"]!), form);
        return await response.Content.ReadAsStringAsync();
    }
}
