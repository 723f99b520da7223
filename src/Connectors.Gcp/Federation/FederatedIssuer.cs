using Google.Apis.Auth.OAuth2;

namespace Etl.Connectors.Gcp.Federation;

/// <summary>Signs in by Workload Identity Federation: a proof of who we are, Google's token exchange, and the service account's token when the file names one.</summary>
internal sealed class FederatedIssuer : ITokenIssuer
{
    private readonly ExternalAccountFile file;
    private readonly ServiceCredential credential;

    public FederatedIssuer(ExternalAccountFile file, IAwsIdentity identity, TimeProvider time)
    {
        this.file = file;
        var clock = new GoogleClock(time);
        var federated = new ProgrammaticExternalAccountCredential(
            new ProgrammaticExternalAccountCredential.Initializer(file.TokenUrl.AbsoluteUri, file.Audience, file.SubjectTokenType, SubjectToken(file, identity, time))
            {
                Clock = clock,
                Scopes = [GoogleSession.Scope],
                UniverseDomain = file.UniverseDomain,
                HttpClientFactory = new DirectHttp(),
            });
        credential = file.ImpersonationUrl is null
            ? federated
            : new ServiceAccountToken(
                FederatedTokenAsync, file.TokenLifetime, delegates: [],
                new ServiceCredential.Initializer(file.ImpersonationUrl.AbsoluteUri) { Clock = clock, Scopes = [GoogleSession.Scope], HttpClientFactory = new DirectHttp() });

        async Task<string> FederatedTokenAsync(CancellationToken cancel)
        {
            await federated.RequestAccessTokenAsync(cancel).ConfigureAwait(false);
            return federated.Token.AccessToken;
        }
    }

    public async Task<AccessToken> IssueAsync(CancellationToken cancel)
    {
        await credential.RequestAccessTokenAsync(cancel).ConfigureAwait(false);
        return AccessToken.Of(credential.Token);
    }

    public Exception Explain(Exception error) => SignInErrors.Explain(error, file);

    private static ProgrammaticExternalAccountCredential.ISubjectTokenProvider SubjectToken(ExternalAccountFile file, IAwsIdentity identity, TimeProvider time) => file.Source switch
    {
        AwsSource aws => new AwsSubjectToken(file.Audience, aws, identity, time),
        TokenFileSource token => new IdentityTokenFile(file.Path, token),
        GitHubSource gitHub => new GitHubToken(gitHub),
        var other => throw new InvalidOperationException($"There is no subject token for {other}."),
    };
}
