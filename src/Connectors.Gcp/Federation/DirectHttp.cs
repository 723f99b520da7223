using System.Net;
using Etl.Core.Errors;
using Google.Apis.Http;

namespace Etl.Connectors.Gcp.Federation;

/// <summary>Google's HTTP client as the sign-in uses it: what it sends are secrets for the address that was checked, so it follows no redirect to another.</summary>
internal sealed class DirectHttp : Google.Apis.Http.IHttpClientFactory, IHttpUnsuccessfulResponseHandler
{
    private readonly HttpClientFactory google = new();

    /// <inheritdoc/>
    public ConfigurableHttpClient CreateHttpClient(CreateHttpClientArgs args)
    {
        var client = google.CreateHttpClient(args);
        client.MessageHandler.FollowRedirect = false;
        client.MessageHandler.AddUnsuccessfulResponseHandler(this);
        return client;
    }

    /// <inheritdoc/>
    /// <exception cref="ServiceException">The answer is a redirect.</exception>
    public async Task<bool> HandleResponseAsync(HandleUnsuccessfulResponseArgs args)
    {
        var (host, status) = (args.Request.RequestUri!.Host, args.Response.StatusCode);
        if (status is >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest)
            throw new ServiceException(
                $"{host} answered the sign-in with a redirect (HTTP {(int)status}), which no token service does. Nothing was sent on. A proxy or a sign-in page is in between: set HTTPS_PROXY, or let {host} pass.", transient: false);
        // The library takes the words of a refusal for granted.
        if ((await args.Response.Content.ReadAsByteArrayAsync(args.CancellationToken).ConfigureAwait(false)).Length == 0)
            args.Response.Content = new StringContent("""{"error":"an empty answer"}""");
        return false;
    }
}
