using Etl.Connectors.Gcp.Federation;
using Etl.Core.Connectors;
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

    private CredentialsLocation Find(string? own, bool local = false) => CredentialsLocation.Find(
        new ConnectorContext("p", "/pipelines", local, TimeProvider.System, NullLoggerFactory.Instance, new Dictionary<Type, object> { [typeof(GoogleOptions)] = new GoogleOptions { Credentials = own } }),
        environment.GetValueOrDefault);
}
