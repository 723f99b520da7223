using Google.Apis.Http;

namespace Etl.Connectors.Gcp.Federation;

/// <summary>Google's HTTP client as the sign-in uses it: what it sends are secrets for the address that was checked, so it follows no redirect to another.</summary>
internal sealed class DirectHttp : Google.Apis.Http.IHttpClientFactory
{
    private readonly HttpClientFactory google = new();

    /// <inheritdoc/>
    public ConfigurableHttpClient CreateHttpClient(CreateHttpClientArgs args)
    {
        var client = google.CreateHttpClient(args);
        client.MessageHandler.FollowRedirect = false;
        return client;
    }
}
