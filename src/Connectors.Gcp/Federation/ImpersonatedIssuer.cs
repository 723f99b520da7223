using System.Net;
using Etl.Core.Errors;
using Google.Apis.Auth.OAuth2;
using Google.Apis.Auth.OAuth2.Responses;

namespace Etl.Connectors.Gcp.Federation;

/// <summary>Signs in as a service account that another sign-in may act as.</summary>
internal sealed class ImpersonatedIssuer : ITokenIssuer
{
    private readonly ImpersonatedFile file;
    private readonly ServiceAccountToken credential;

    public ImpersonatedIssuer(ImpersonatedFile file, ITokenIssuer source, TimeProvider time)
    {
        this.file = file;
        credential = new ServiceAccountToken(
            stop => SourceTokenAsync(source, stop), TimeSpan.FromHours(1), file.Delegates,
            new ServiceCredential.Initializer(file.ImpersonationUrl.AbsoluteUri) { Clock = new GoogleClock(time), Scopes = [GoogleSession.Scope], HttpClientFactory = new DirectHttp() });
    }

    public async Task<AccessToken> IssueAsync(CancellationToken cancel)
    {
        await credential.RequestAccessTokenAsync(cancel).ConfigureAwait(false);
        return AccessToken.Of(credential.Token);
    }

    public Exception Explain(Exception error) => error is TokenResponseException { StatusCode: HttpStatusCode.NotFound }
        ? new ServiceException($"There is no service account {file.ServiceAccount}. Check --impersonate-service-account and run `gcloud auth application-default login` again.", transient: false, error)
        : SignInErrors.Explain(
            error, file.ImpersonationUrl.Host, $"to let the sign-in in {file.Path} act as {file.ServiceAccount}",
            $"Grant it: `gcloud iam service-accounts add-iam-policy-binding {file.ServiceAccount} --role=roles/iam.serviceAccountTokenCreator --member=user:YOU`, and wait a minute. The IAM Service Account Credentials API must be on.");

    // The first sign-in explains itself.
    private static async Task<string> SourceTokenAsync(ITokenIssuer source, CancellationToken cancel)
    {
        try
        {
            return (await source.IssueAsync(cancel).ConfigureAwait(false)).Value;
        }
        catch (Exception e) when (e is not EtlException)
        {
            throw source.Explain(e);
        }
    }
}
