using System.Net;
using System.Net.Http.Headers;
using Etl.Core.Connectors;
using Etl.Core.Errors;
using Google.Apis.Auth.OAuth2;
using Google.Apis.Http;
using Microsoft.Extensions.Logging;

namespace Etl.Connectors.Gcp.Federation;

/// <summary>The credential as every client of the run gets it: the same token, and refusals in words that lead on.</summary>
internal sealed class SessionCredential : ICredential, IHttpExecuteInterceptor, IHttpUnsuccessfulResponseHandler
{
    private const string QuotaHeader = "x-goog-user-project";
    private readonly ITokenIssuer issuer;
    private readonly string? quotaProject;
    private readonly AccessTokenCache tokens;
    private readonly RetryAfter waits;

    /// <param name="issuer">How to sign in.</param>
    /// <param name="quotaProject">The project that each request's quota is counted on, or null.</param>
    /// <param name="time">The clock.</param>
    /// <param name="signIns">Where sign-ins are noted.</param>
    /// <param name="log">Where they are logged.</param>
    public SessionCredential(ITokenIssuer issuer, string? quotaProject, TimeProvider time, SignIns signIns, ILogger log)
    {
        (this.issuer, this.quotaProject) = (issuer, quotaProject);
        waits = new RetryAfter(time);
        tokens = new AccessTokenCache(IssueAsync, time, signIns, log);
    }

    public void Initialize(ConfigurableHttpClient httpClient)
    {
        httpClient.MessageHandler.Credential = this;
        // The token is for the service that was asked, not for where an answer points.
        httpClient.MessageHandler.FollowRedirect = false;
        httpClient.MessageHandler.AddUnsuccessfulResponseHandler(this);
        httpClient.MessageHandler.AddUnsuccessfulResponseHandler(waits);
    }

    public Task<string> GetAccessTokenForRequestAsync(string? authUri = null, CancellationToken cancellationToken = default) =>
        tokens.GetAsync(cancellationToken).AsTask();

    /// <summary>Called for each attempt of a request.</summary>
    public async Task InterceptAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await tokens.GetAsync(cancellationToken).ConfigureAwait(false));
        if (quotaProject is not null && !request.Headers.Contains(QuotaHeader)) request.Headers.Add(QuotaHeader, quotaProject);
    }

    /// <summary>On 401 the request is sent again with another token.</summary>
    public Task<bool> HandleResponseAsync(HandleUnsuccessfulResponseArgs args)
    {
        if (args.Response.StatusCode != HttpStatusCode.Unauthorized || !args.SupportsRetry) return Task.FromResult(false);
        tokens.Reject(args.Request.Headers.Authorization?.Parameter);
        return Task.FromResult(true);
    }

    private async Task<AccessToken> IssueAsync(CancellationToken cancel)
    {
        try
        {
            return await issuer.IssueAsync(cancel).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // The library wraps what our subject token provider threw.
            for (var cause = e; cause is not null; cause = cause.InnerException)
                if (cause is EtlException known)
                    throw new ServiceException(known.Message, known is ServiceException { Transient: true }, e);
            throw issuer.Explain(e);
        }
    }
}
