using Etl.Core.Errors;
using Google.Apis.Auth.OAuth2;

namespace Etl.Connectors.Gcp.Federation;

/// <summary>The proof of who we are that GitHub Actions gives a workflow: asked for anew for each sign-in (https://docs.github.com/en/actions/concepts/security/openid-connect).</summary>
internal sealed class GitHubToken(GitHubSource source) : ProgrammaticExternalAccountCredential.ISubjectTokenProvider
{
    /// <inheritdoc/>
    public async Task<string> GetSubjectTokenAsync(ProgrammaticExternalAccountCredential caller, CancellationToken taskCancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, source.Url);
        foreach (var (name, value) in source.Headers) request.Headers.TryAddWithoutValidation(name, value);
        using var response = await caller.HttpClient.SendAsync(request, taskCancellationToken).ConfigureAwait(false);
        if (!response.IsSuccessStatusCode)
            throw new ServiceException(
                $"GitHub Actions gave no OpenID Connect token (HTTP {(int)response.StatusCode} from {source.Url.Host}). The workflow needs `permissions: id-token: write`, and the credentials file must be of this very run: google-github-actions/auth makes it.",
                transient: (int)response.StatusCode is >= 500 or 429);
        return IdentityToken.Parse(await response.Content.ReadAsStringAsync(taskCancellationToken).ConfigureAwait(false), source.Field)
            ?? throw new ServiceException($"The answer of {source.Url.Host} holds no OpenID Connect token{(source.Field is null ? "" : $" in its field {source.Field}")}. Check credential_source.format.", transient: false);
    }
}
