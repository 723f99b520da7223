using Etl.Connectors.Gcp.Federation;
using Etl.Core.Connectors;
using Etl.Core.Errors;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Etl.Connectors.Gcp.Tests.Federation;

/// <summary>The order in which a place to sign in from is looked for.</summary>
public sealed class CredentialsLocationTests : IDisposable
{
    private readonly string gcloud = Directory.CreateTempSubdirectory("etl-gcloud-").FullName;
    private readonly Dictionary<string, string> environment;

    public CredentialsLocationTests()
    {
        File.WriteAllText(Path.Combine(gcloud, "application_default_credentials.json"), "{}");
        environment = new()
        {
            ["GOOGLE_WIF_CONFIG"] = "/shell/wif.json",
            ["GOOGLE_APPLICATION_CREDENTIALS"] = "/shell/adc.json",
            ["CLOUDSDK_CONFIG"] = gcloud,
        };
    }

    public void Dispose() => Directory.Delete(gcloud, recursive: true);

    [Fact]
    public void EachPlaceIsUsedWhenThoseBeforeItAreNotThere()
    {
        Assert.Equal(new CredentialsLocation("/pipelines/own.json", false), Find("own.json"));
        Assert.Equal(new CredentialsLocation("/shell/wif.json", false), Find(null));
        environment.Remove("GOOGLE_WIF_CONFIG");
        Assert.Equal(new CredentialsLocation("/shell/adc.json", true), Find(null));
        environment.Remove("GOOGLE_APPLICATION_CREDENTIALS");
        Assert.Equal(new CredentialsLocation(Path.Combine(gcloud, "application_default_credentials.json"), true), Find(null));
        environment["CLOUDSDK_CONFIG"] = "/nonexistent";
        Assert.Equal(new CredentialsLocation(null, true), Find(null));
    }

    [Fact]
    public void AnEmptyNameIsNone() => Assert.Equal("/shell/wif.json", Find("").Path);

    [Fact]
    public void ALocalRunTakesTheShellsFileFirst() => Assert.Equal("/shell/wif.json", Find("own.json", local: true).Path);

    [Fact]
    public void TheFilesJsonMayStandInPlaceOfItsPath()
    {
        const string json = """ {"type":"external_account","audience":"//iam.googleapis.com/x"} """;
        environment["GOOGLE_WIF_CONFIG"] = json;

        Assert.Equal("//iam.googleapis.com/x", Find(null).Read().Audience);
        // `credentials: ${GOOGLE_WIF_CONFIG:-wif.json}` puts it there.
        Assert.Equal("//iam.googleapis.com/x", Find(json).Read().Audience);
        Assert.Equal("/pipelines/own.json", Find("own.json").Path);
    }

    [Fact]
    public void AKeyInPlaceOfAPathIsRefusedAndNotQuoted()
    {
        environment["GOOGLE_WIF_CONFIG"] = """{"type":"service_account","private_key":"canary"}""";
        var error = Assert.Throws<ServiceException>(() => Find(null).Read());
        Assert.Contains("(JSON in GOOGLE_WIF_CONFIG) is a service account key", error.Message, StringComparison.Ordinal);

        environment["GOOGLE_WIF_CONFIG"] = """{"private_key":"canary""";
        Assert.DoesNotContain("canary", Assert.Throws<ServiceException>(() => Find(null).Read()).ToString(), StringComparison.Ordinal);
    }

    private CredentialsLocation Find(string? own, bool local = false) => CredentialsLocation.Find(
        new ConnectorContext("p", "/pipelines", local, TimeProvider.System, NullLoggerFactory.Instance, new Dictionary<Type, object> { [typeof(GoogleOptions)] = new GoogleOptions { Credentials = own } }),
        environment.GetValueOrDefault);
}
