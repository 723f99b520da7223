using Etl.Core.Errors;
using Google.Apis.Auth.OAuth2;
using Google.Apis.Http;

namespace Etl.Connectors.Gcp.Federation;

/// <summary>The library's credential as every client of the run gets it: the same token, and refusals in words that lead on.</summary>
internal sealed class SessionCredential(ServiceCredential inner, ExternalAccountFile file) : ICredential, IHttpExecuteInterceptor, IHttpUnsuccessfulResponseHandler
{
    public void Initialize(ConfigurableHttpClient httpClient)
    {
        httpClient.MessageHandler.Credential = this;
        httpClient.MessageHandler.AddUnsuccessfulResponseHandler(this);
    }

    public Task<string> GetAccessTokenForRequestAsync(string? authUri = null, CancellationToken cancellationToken = default) =>
        GuardAsync(() => inner.GetAccessTokenForRequestAsync(authUri, cancellationToken), cancellationToken);

    public Task InterceptAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        GuardAsync(
            async () =>
            {
                await inner.InterceptAsync(request, cancellationToken).ConfigureAwait(false);
                return true;
            },
            cancellationToken);

    /// <summary>On 401 the token is renewed once and the request sent again.</summary>
    public Task<bool> HandleResponseAsync(HandleUnsuccessfulResponseArgs args) => GuardAsync(() => inner.HandleResponseAsync(args), args.CancellationToken);

    private async Task<T> GuardAsync<T>(Func<Task<T>> call, CancellationToken cancel)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (Exception e) when (!cancel.IsCancellationRequested)
        {
            // The library wraps what our subject token provider threw.
            for (var cause = e; cause is not null; cause = cause.InnerException)
                if (cause is EtlException known)
                    throw new ServiceException(known.Message, known is ServiceException { Transient: true }, e);
            throw SignInErrors.Explain(e, file);
        }
    }
}
