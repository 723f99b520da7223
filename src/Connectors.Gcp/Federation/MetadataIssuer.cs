using Etl.Core.Connectors;
using Etl.Core.Errors;
using Google.Apis.Auth.OAuth2;
using Google.Apis.Auth.OAuth2.Responses;

namespace Etl.Connectors.Gcp.Federation;

/// <summary>Signs in as the service account of the machine on Google Cloud: Compute Engine, GKE, Cloud Run.</summary>
internal sealed class MetadataIssuer(TimeProvider time) : ITokenIssuer
{
    private readonly ComputeCredential credential = new(new ComputeCredential.Initializer { Clock = new GoogleClock(time), Scopes = [GoogleSession.Scope], HttpClientFactory = new DirectHttp() });

    public async Task<AccessToken> IssueAsync(CancellationToken cancel)
    {
        MetadataAddresses.Check(Environment.GetEnvironmentVariable);
        // The library waits for the server's answer no longer than a second or so; where a variable names the server, it is there.
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("GCE_METADATA_HOST")) && !await ComputeCredential.IsRunningOnComputeEngine().WaitAsync(cancel).ConfigureAwait(false))
            throw new ServiceException(
                "The pipeline uses Google Cloud and nothing says how to sign in. Etl looked at `google: credentials:` of the pipeline file, GOOGLE_WIF_CONFIG, GOOGLE_APPLICATION_CREDENTIALS, gcloud's own sign-in and the metadata server of Google Cloud. On AWS put the external_account file beside the pipeline and add `google: { credentials: wif.json }` (or set GOOGLE_WIF_CONFIG to its path); on a laptop run `gcloud auth application-default login`.",
                transient: false);
        await credential.RequestAccessTokenAsync(cancel).ConfigureAwait(false);
        return AccessToken.Of(credential.Token);
    }

    public Exception Explain(Exception error) => error is TokenResponseException { StatusCode: System.Net.HttpStatusCode.NotFound }
        ? new ServiceException("This machine on Google Cloud has no service account to sign in as. Give it one (`gcloud compute instances set-service-account`, `--service-account` on Cloud Run).", transient: false, error)
        : SignInErrors.Explain(error, "Google Cloud's metadata server", "the sign-in of this machine's service account", "Check the service account that the machine runs as, and its access scopes.");
}
