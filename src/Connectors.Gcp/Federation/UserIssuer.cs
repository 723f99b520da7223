using Etl.Core.Errors;
using Google.Apis.Auth.OAuth2;
using Google.Apis.Auth.OAuth2.Flows;
using Google.Apis.Auth.OAuth2.Responses;

namespace Etl.Connectors.Gcp.Federation;

/// <summary>Signs in as the person whom gcloud signed in on this laptop.</summary>
internal sealed class UserIssuer(AuthorizedUserFile file, TimeProvider time) : ITokenIssuer
{
    private readonly UserCredential credential = new(
        new AuthorizationCodeFlow(new AuthorizationCodeFlow.Initializer(GoogleAuthConsts.OidcAuthorizationUrl, file.TokenUrl.AbsoluteUri)
        {
            ClientSecrets = new ClientSecrets { ClientId = file.ClientId, ClientSecret = file.ClientSecret },
            Clock = new GoogleClock(time),
            HttpClientFactory = new DirectHttp(),
        }),
        "user",
        new TokenResponse { RefreshToken = file.RefreshToken });

    public async Task<AccessToken> IssueAsync(CancellationToken cancel)
    {
        await credential.RefreshTokenAsync(cancel).ConfigureAwait(false);
        return AccessToken.Of(credential.Token);
    }

    public Exception Explain(Exception error) => error switch
    {
        TokenResponseException { Error.Error: "invalid_grant" } => new ServiceException(
            $"Google no longer accepts the sign-in in {file.Path}: it expired or was revoked. Run `gcloud auth application-default login` again.", transient: false, error),
        _ => SignInErrors.Explain(error, file.TokenUrl.Host, $"the sign-in in {file.Path}", "Run `gcloud auth application-default login` again."),
    };
}
