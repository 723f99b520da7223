using Etl.Core.Connectors;
using Etl.Core.Errors;
using Google.Apis.Auth.OAuth2;

namespace Etl.Connectors.Gcp.Federation;

/// <summary>The run's sign-in to Google Cloud, made once and handed to every client: AWS credentials, a signed proof of them, Google's token exchange, and the service account's token. Nothing is asked for before the first request; concurrent first requests share one exchange, and the token is renewed before it expires.</summary>
public sealed class GoogleSession
{
    private const string Scope = "https://www.googleapis.com/auth/cloud-platform";

    private GoogleSession(ICredential credential, GoogleOptions options, string universe)
    {
        Credential = credential;
        QuotaProject = options.Project;
        UniverseDomain = universe;
    }

    /// <summary>What signs requests.</summary>
    public ICredential Credential { get; }

    /// <summary>The project that quota is counted on, or null.</summary>
    public string? QuotaProject { get; }

    /// <summary>The domain of Google's services.</summary>
    public string UniverseDomain { get; }

    /// <summary>The session of this run.</summary>
    /// <exception cref="ServiceException">The pipeline has no <c>google:</c>, or its credentials file is no <c>external_account</c> file for AWS.</exception>
    public static GoogleSession Of(ConnectorContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Shared(c => Create(c, new AwsDefaultChain()));
    }

    internal static GoogleSession Create(ConnectorContext context, IAwsIdentity identity)
    {
        var environment = Environment.GetEnvironmentVariable("GOOGLE_WIF_CONFIG");
        var options = context.Settings<GoogleOptions>();
        // A path of the environment is the shell's; one of the pipeline file starts at its folder.
        var path = (context.Local || options is null) && !string.IsNullOrEmpty(environment)
            ? Path.GetFullPath(environment)
            : options is null ? null : Path.GetFullPath(options.Credentials, Path.GetFullPath(context.Folder));
        if (path is null)
            throw new ServiceException("The pipeline writes to Google Cloud and does not say how to sign in. Add `google: { credentials: wif.json }` at the top of the pipeline file, or set GOOGLE_WIF_CONFIG to the path of the external_account file.", transient: false);

        var file = ExternalAccountFile.Read(path);
        options ??= new GoogleOptions { Credentials = path };
        return new GoogleSession(new SessionCredential(Federate(file, identity, context.Time), file), options, file.UniverseDomain);
    }

    private static ServiceCredential Federate(ExternalAccountFile file, IAwsIdentity identity, TimeProvider time)
    {
        var clock = new GoogleClock(time);
        var initializer = new ProgrammaticExternalAccountCredential.Initializer(
            file.TokenUrl.AbsoluteUri, file.Audience, ExternalAccountFile.AwsSubjectTokenType, new AwsSubjectToken(file, identity, time))
        {
            Clock = clock,
            Scopes = [Scope],
            UniverseDomain = file.UniverseDomain,
        };
        var federated = new ProgrammaticExternalAccountCredential(initializer);
        return file.ImpersonationUrl is null
            ? federated
            : new ServiceAccountToken(federated, file.TokenLifetime, new ServiceCredential.Initializer(file.ImpersonationUrl.AbsoluteUri) { Clock = clock, Scopes = [Scope] });
    }
}
