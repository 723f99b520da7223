using System.Text.Json.Nodes;
using Etl.Connectors.Gcp.Federation;
using Etl.Core.Errors;
using Xunit;

namespace Etl.Connectors.Gcp.Tests.Federation;

/// <summary>A credentials file is untrusted input.</summary>
public sealed class CredentialsFileTests : IDisposable
{
    private static readonly TrustedAddresses Trusted = new(AllowLoopback: false, Universe: null);
    private readonly string folder = Directory.CreateTempSubdirectory("etl-credentials-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void TheFileThatGcloudWritesForAwsIsAccepted()
    {
        var file = Check(Aws());
        Assert.Equal("etl@acme.iam.gserviceaccount.com", file.ServiceAccount);
        Assert.IsType<AwsSource>(file.Source);
        Assert.Equal(TimeSpan.FromHours(1), file.TokenLifetime);
    }

    [Fact]
    public void TheFileThatGitHubsActionWritesIsAccepted()
    {
        var source = Assert.IsType<GitHubSource>(Check(Oidc(new JsonObject
        {
            ["url"] = "https://run-actions-1-azure-eastus.actions.githubusercontent.com/1/idtoken/x?api-version=2.0&audience=y",
            ["headers"] = new JsonObject { ["Authorization"] = "Bearer canary" },
            ["format"] = new JsonObject { ["type"] = "json", ["subject_token_field_name"] = "value" },
        })).Source);
        Assert.Equal("value", source.Field);
        Assert.DoesNotContain("canary", source.ToString());
    }

    [Fact]
    public void ATokenFileIsLookedForBesideTheCredentials()
    {
        var source = Assert.IsType<TokenFileSource>(Check(Oidc(new JsonObject { ["file"] = "token" })).Source);
        Assert.Equal(Path.Combine(folder, "token"), source.Path);
    }

    [Theory]
    [InlineData("""{"executable":{"command":"/bin/sh -c canary"}}""", "runs a program")]
    [InlineData("""{"certificate":{"use_default_certificate_config":true}}""", "certificate")]
    [InlineData("""{"url":"https://evil.example/token"}""", "evil.example")]
    [InlineData("""{"url":"http://169.254.169.254/metadata/identity/oauth2/token"}""", "GitHub")]
    [InlineData("""{"url":"https://x.actions.githubusercontent.com/t","file":"token"}""", "either")]
    [InlineData("""{"file":"token","format":{"type":"xml"}}""", "format of xml")]
    [InlineData("""{"file":"token","format":{"type":"json"}}""", "subject_token_field_name")]
    [InlineData("{}", "either")]
    public void ATokenSourceThatCouldHarmIsRefused(string source, string reason) => Refused(Oidc(JsonNode.Parse(source)!.AsObject()), reason);

    [Theory]
    [InlineData("""{"environment_id":"aws2"}""", "knows aws1")]
    [InlineData("""{"regional_cred_verification_url":"https://sts.{region}.amazonaws.com?Action=GetSessionToken"}""", "GetCallerIdentity")]
    [InlineData("""{"regional_cred_verification_url":"https://evil.example/?Action=GetCallerIdentity"}""", "evil.example")]
    [InlineData("""{"url":"http://evil.example/latest/meta-data/iam/security-credentials"}""", "evil.example")]
    [InlineData("""{"imdsv2_session_token_url":"http://10.0.0.1/latest/api/token"}""", "10.0.0.1")]
    [InlineData("""{"region_url":"http://127.0.0.1/latest/meta-data/placement/availability-zone"}""", "ETL_ALLOW_LOOPBACK_SIGN_IN")]
    public void AnAwsSourceThatNamesAnotherPlaceIsRefused(string change, string reason)
    {
        var file = Aws();
        foreach (var (key, value) in JsonNode.Parse(change)!.AsObject()) file["credential_source"]![key] = value!.DeepClone();
        Refused(file, reason);
    }

    [Theory]
    [InlineData("token_url", "http://127.0.0.1:1234/v1/token", "ETL_ALLOW_LOOPBACK_SIGN_IN")]
    [InlineData("token_url", "https://storage.googleapis.com/bucket/token", "storage.googleapis.com")]
    [InlineData("service_account_impersonation_url", "https://sts.googleapis.com/v1/x", "iamcredentials")]
    [InlineData("service_account_impersonation_url", "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/etl@acme.iam.gserviceaccount.com:signJwt", "generateAccessToken")]
    [InlineData("token_url", "https://sts.googleapis.com@evil.example/v1/token", "evil.example")]
    [InlineData("token_url", "https://canary:canary@evil.example/v1/token", "evil.example")]
    [InlineData("token_url", "https://sts.googleapis.com./v1/token", "sts.googleapis.com.")]
    [InlineData("token_url", "/v1/token", "URL")]
    [InlineData("token_url", "sts.googleapis.com", "URL")]
    [InlineData("token_url", "https://sts..googleapis.com/v1/token", "URL")]
    [InlineData("token_url", "https://.googleapis.com/v1/token", "URL")]
    [InlineData("token_url", "https://evil.example\\sts.googleapis.com/v1/token", "URL")]
    [InlineData("universe_domain", "evil.example", "GOOGLE_CLOUD_UNIVERSE_DOMAIN=evil.example")]
    [InlineData("type", "authorized_user", "external_account")]
    [InlineData("type", "impersonated_service_account", "external_account")]
    [InlineData("audience", "", "audience")]
    public void AFieldThatLeadsElsewhereIsRefused(string field, string value, string reason)
    {
        var file = Aws();
        file[field] = value;
        Refused(file, reason);
    }

    [Fact]
    public void AServiceAccountKeyIsRefusedWithTheWayToFederation()
    {
        File.WriteAllText(PathOf("key.json"), """{"type":"service_account","private_key":"canary"}""");
        var error = Assert.Throws<ServiceException>(() => CredentialsLayout.Read(PathOf("key.json")));
        Assert.Contains("secret that lasts", error.Message);
        Assert.Contains("create-cred-config", error.Message);
        Assert.Contains("keys delete", error.Message);
        Assert.DoesNotContain("canary", error.ToString());
    }

    [Theory]
    [InlineData("{\"type\": \"external_account\", \"canary")]
    [InlineData("[\"canary\"]")]
    [InlineData("{\"audience\": {\"canary\": 1}}")]
    public void AFileThatCannotBeReadIsNotQuoted(string text)
    {
        File.WriteAllText(PathOf("broken.json"), text);
        Assert.DoesNotContain("canary", Assert.Throws<ServiceException>(() => CredentialsLayout.Read(PathOf("broken.json"))).ToString());
    }

    [Fact]
    public void AFileThatIsTooLargeIsNotReadToItsEnd()
    {
        File.WriteAllText(PathOf("large.json"), "{\"type\":\"external_account\",\"audience\":\"" + new string('a', SmallFile.Largest) + "\"}");
        Assert.Contains("larger than 1 MiB", Assert.Throws<ServiceException>(() => CredentialsLayout.Read(PathOf("large.json"))).Message);
    }

    [Fact]
    public void ADeviceWithoutAnEndIsNoCredentialsFile()
    {
        Assert.SkipUnless(File.Exists("/dev/zero"), "this system has no /dev/zero");
        Assert.Contains("larger than 1 MiB", Assert.Throws<ServiceException>(() => CredentialsLayout.Read("/dev/zero")).Message);
    }

    [Theory]
    [InlineData("{\"credential_source\":", "}")]
    [InlineData("{\"source_credentials\":", "}")]
    [InlineData("{\"unknown\":[", "]}")]
    public void JsonWithoutAnEndOfItsDepthIsRefused(string open, string close)
    {
        const int depth = 20_000;
        File.WriteAllText(PathOf("deep.json"), string.Concat(Enumerable.Repeat(open, depth)) + "1" + string.Concat(Enumerable.Repeat(close, depth)));
        Assert.Contains("cannot be read as a JSON object", Assert.Throws<ServiceException>(() => CredentialsLayout.Read(PathOf("deep.json"))).Message);
    }

    [Fact]
    public void AByteOrderMarkAsSomeEditorsWriteItIsNothingWrong()
    {
        File.WriteAllText(PathOf("wif.json"), Aws().ToJsonString(), new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        Assert.Equal("external_account", CredentialsLayout.Read(PathOf("wif.json")).Type);
    }

    [Fact]
    public async Task ATokenFileWithoutAnEndIsNotReadToIt()
    {
        Assert.SkipUnless(File.Exists("/dev/zero"), "this system has no /dev/zero");
        var error = await Assert.ThrowsAsync<ServiceException>(() => new IdentityTokenFile("wif.json", new TokenFileSource("/dev/zero", null)).GetSubjectTokenAsync(null!, default));
        Assert.Contains("holds no OpenID Connect token: it is larger than 1 MiB", error.Message);
    }

    [Theory]
    [InlineData("root:x:0:0:canary", null)]
    [InlineData("-----BEGIN PRIVATE KEY-----\ncanary", null)]
    [InlineData("""{"token":"canary"}""", "token")]
    [InlineData("""{"token":7}""", "token")]
    [InlineData("not json", "token")]
    public async Task AFileThatHoldsNoIdentityTokenIsNotSentAnywhere(string text, string? field)
    {
        await File.WriteAllTextAsync(PathOf("token"), text);
        var error = await Assert.ThrowsAsync<ServiceException>(() => new IdentityTokenFile("wif.json", new TokenFileSource(PathOf("token"), field)).GetSubjectTokenAsync(null!, default));
        Assert.Contains("holds no OpenID Connect token", error.Message);
        Assert.DoesNotContain("canary", error.ToString());
    }

    [Fact]
    public async Task ATokenFileIsReadAnewForEachSignIn()
    {
        var tokens = new IdentityTokenFile("wif.json", new TokenFileSource(PathOf("token"), null));
        foreach (var token in (string[])["eyJhbGciOiJFUzI1NiJ9.eyJhIjoxfQ.c2ln", "eyJhbGciOiJFUzI1NiJ9.eyJhIjoyfQ.c2ln"])
        {
            await File.WriteAllTextAsync(PathOf("token"), token + "\n");
            Assert.Equal(token, await tokens.GetSubjectTokenAsync(null!, default));
        }
    }

    private static JsonObject Aws() => new()
    {
        ["universe_domain"] = "googleapis.com",
        ["type"] = "external_account",
        ["audience"] = "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/pool/providers/aws",
        ["subject_token_type"] = "urn:ietf:params:aws:token-type:aws4_request",
        ["token_url"] = "https://sts.googleapis.com/v1/token",
        ["service_account_impersonation_url"] = "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/etl@acme.iam.gserviceaccount.com:generateAccessToken",
        ["credential_source"] = new JsonObject
        {
            ["environment_id"] = "aws1",
            ["region_url"] = "http://169.254.169.254/latest/meta-data/placement/availability-zone",
            ["url"] = "http://169.254.169.254/latest/meta-data/iam/security-credentials",
            ["regional_cred_verification_url"] = "https://sts.{region}.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15",
            ["imdsv2_session_token_url"] = "http://169.254.169.254/latest/api/token",
        },
    };

    private static JsonObject Oidc(JsonObject source)
    {
        var file = Aws();
        file["subject_token_type"] = "urn:ietf:params:oauth:token-type:jwt";
        file["credential_source"] = source;
        return file;
    }

    private string PathOf(string name) => Path.Combine(folder, name);

    private ExternalAccountFile Check(JsonObject file)
    {
        File.WriteAllText(PathOf("wif.json"), file.ToJsonString());
        return ExternalAccountFile.Check(PathOf("wif.json"), CredentialsLayout.Read(PathOf("wif.json")), Trusted);
    }

    private void Refused(JsonObject file, string reason)
    {
        var error = Assert.Throws<ServiceException>(() => Check(file));
        Assert.Contains(reason, error.Message);
        Assert.Contains("wif.json", error.Message);
        Assert.DoesNotContain("canary", error.Message);
        Assert.False(error.Transient);
    }
}
