using Etl.Connectors.Gcp.Federation;
using Xunit;

namespace Etl.Connectors.Gcp.Tests.Federation;

public sealed class TrustedAddressesTests
{
    private static readonly TrustedAddresses Production = new(AllowLoopback: false, Universe: null);
    private static readonly TrustedAddresses Development = new(AllowLoopback: true, Universe: null);

    [Theory]
    [InlineData("https://sts.googleapis.com/v1/token", true)]
    [InlineData("https://STS.googleapis.com/v1/token", true)]
    [InlineData("https://sts.us-central1.rep.googleapis.com/v1/token", true)]
    [InlineData("https://us-central1-sts.googleapis.com/v1/token", true)]
    [InlineData("https://sts.mtls.googleapis.com/v1/token", true)]
    [InlineData("https://sts-xyz.p.googleapis.com/v1/token", true)]
    [InlineData("http://sts.googleapis.com/v1/token", false)]
    [InlineData("https://sts.googleapis.com:8443/v1/token", false)]
    [InlineData("https://me@sts.googleapis.com/v1/token", false)]
    [InlineData("https://storage.googleapis.com/my-bucket/token", false)]
    [InlineData("https://my-sts.storage.googleapis.com/token", false)]
    [InlineData("https://sts.googleapis.com.evil.example/v1/token", false)]
    [InlineData("https://stsgoogleapis.com/v1/token", false)]
    [InlineData("https://evilsts.googleapis.com/v1/token", false)]
    [InlineData("https://sts.evil.example/v1/token", false)]
    [InlineData("http://127.0.0.1:1/v1/token", false)]
    [InlineData("https://sts.googleapis.com@evil.example/v1/token", false)]
    [InlineData("https://sts.googleapis.com:443@evil.example/v1/token", false)]
    [InlineData("https://sts.googleapis.com%2f@evil.example/v1/token", false)]
    [InlineData("https://evil.example/sts.googleapis.com/v1/token", false)]
    [InlineData("https://evil.example#.googleapis.com/v1/token", false)]
    [InlineData("https://sts.googleapis.com./v1/token", false)]
    [InlineData("https://sts.googleapis.com.:443/v1/token", false)]
    [InlineData("https://googleapis.com/v1/token", false)]
    [InlineData("https://sts.xn--ggleapis-9ya.com/v1/token", false)]
    [InlineData("https://sts.g\u043E\u043Egleapis.com/v1/token", false)]
    [InlineData("https://\uFF53\uFF54\uFF53.googleapis.com/v1/token", false)]
    [InlineData("https://\u017Fts.googleapis.com/v1/token", false)]
    [InlineData("https://sts\u3002googleapis.com/v1/token", false)]
    [InlineData("https://sts.googleapis.com/v1/t\u043Eken", false)]
    [InlineData("https://sts.googleapis.com:80/v1/token", false)]
    [InlineData("https://[::1]/v1/token", false)]
    [InlineData("https://[::ffff:169.254.169.254]/v1/token", false)]
    [InlineData("https://169.254.169.254/v1/token", false)]
    [InlineData("https://2852039166/v1/token", false)]
    [InlineData("ftp://sts.googleapis.com/v1/token", false)]
    [InlineData("file:///v1/token", false)]
    [InlineData("file://sts.googleapis.com/v1/token", false)]
    public void ATokenUrlMustBeGooglesTokenService(string url, bool trusted) =>
        Assert.Equal(trusted, Production.IsGoogle(new Uri(url), "sts", "googleapis.com"));

    [Theory]
    [InlineData("https://sts.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15", true)]
    [InlineData("https://sts.eu-west-3.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15", true)]
    [InlineData("https://sts.cn-north-1.amazonaws.com.cn?Action=GetCallerIdentity&Version=2011-06-15", true)]
    [InlineData("https://sts-fips.us-gov-west-1.amazonaws.com?Action=GetCallerIdentity", true)]
    [InlineData("https://sts.us-east-1.api.aws?Action=GetCallerIdentity&Version=2011-06-15", true)]
    [InlineData("https://sts.us-east-1.amazonaws.com?Action=GetSessionToken&Version=2011-06-15", false)]
    [InlineData("https://sts.us-east-1.amazonaws.com?Action=GetCallerIdentity&Action=AssumeRole", false)]
    [InlineData("https://sts.us-east-1.amazonaws.com/x?Action=GetCallerIdentity", false)]
    [InlineData("https://bucket.s3.amazonaws.com?Action=GetCallerIdentity", false)]
    [InlineData("https://x.execute-api.us-east-1.amazonaws.com?Action=GetCallerIdentity", false)]
    [InlineData("https://sts.a.b.amazonaws.com?Action=GetCallerIdentity", false)]
    [InlineData("https://sts.us-east-1.amazonaws.com.?Action=GetCallerIdentity", false)]
    [InlineData("https://sts.us-east-1.amazonaws.com:8443?Action=GetCallerIdentity", false)]
    [InlineData("https://sts.us-east-1.amazonaws.com@evil.example?Action=GetCallerIdentity", false)]
    [InlineData("http://sts.us-east-1.amazonaws.com?Action=GetCallerIdentity", false)]
    [InlineData("http://169.254.169.254?Action=GetCallerIdentity", false)]
    public void OnlyGetCallerIdentityAtAwssTokenServiceIsSigned(string url, bool trusted) =>
        Assert.Equal(trusted, Production.IsCallerIdentity(new Uri(url)));

    [Theory]
    [InlineData("https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/etl@acme.iam.gserviceaccount.com:generateAccessToken", true)]
    [InlineData("https://iamcredentials.us-east1.rep.googleapis.com/v1/projects/-/serviceAccounts/1234567890:generateAccessToken", true)]
    [InlineData("https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/etl@acme.iam.gserviceaccount.com:signJwt", false)]
    [InlineData("https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/a:generateAccessToken?alt=media", false)]
    [InlineData("https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/a/b:generateAccessToken", false)]
    [InlineData("https://iamcredentials.googleapis.com/", false)]
    [InlineData("https://sts.googleapis.com/v1/projects/-/serviceAccounts/a:generateAccessToken", false)]
    [InlineData("https://iamcredentials.googleapis.com@evil.example/v1/projects/-/serviceAccounts/a:generateAccessToken", false)]
    public void AServiceAccountIsImpersonatedAtGenerateAccessTokenAlone(string url, bool trusted) =>
        Assert.Equal(trusted, Production.IsImpersonation(new Uri(url), "googleapis.com"));

    [Theory]
    [InlineData("https://run-actions-1-azure-eastus.actions.githubusercontent.com/1/idtoken?api-version=2.0", true)]
    [InlineData("https://raw.githubusercontent.com/me/x/token", false)]
    [InlineData("https://actions.githubusercontent.com.evil.example/x", false)]
    [InlineData("http://x.actions.githubusercontent.com/x", false)]
    [InlineData("http://169.254.169.254/metadata/identity", false)]
    public void ATokenIsAskedOfGitHubAlone(string url, bool trusted) =>
        Assert.Equal(trusted, Production.IsGitHubActions(new Uri(url)));

    [Fact]
    public void LoopbackTakesTheDevelopmentFlag()
    {
        var url = new Uri("http://127.0.0.1:8080/?Action=GetCallerIdentity");
        Assert.True(Development.IsGoogle(url, "sts", "googleapis.com") && Development.IsGitHubActions(url) && Development.IsMetadata(url));
        Assert.False(Production.IsGoogle(url, "sts", "googleapis.com") || Production.IsGitHubActions(url) || Production.IsMetadata(url) || Production.IsCallerIdentity(url));
        Assert.Equal(Development, TrustedAddresses.Of(n => n == "ETL_ALLOW_LOOPBACK_SIGN_IN" ? "1" : null));
        Assert.Equal(Production, TrustedAddresses.Of(_ => null));
    }

    [Fact]
    public void AFileAloneNamesNoUniverse()
    {
        Assert.True(Production.IsUniverse("googleapis.com"));
        Assert.False(Production.IsUniverse("evil.example"));
        var sovereign = TrustedAddresses.Of(n => n == "GOOGLE_CLOUD_UNIVERSE_DOMAIN" ? "s3nsapis.fr" : null);
        Assert.True(sovereign.IsUniverse("s3nsapis.fr") && sovereign.IsGoogle(new Uri("https://sts.s3nsapis.fr/v1/token"), "sts", "s3nsapis.fr"));
    }
}
