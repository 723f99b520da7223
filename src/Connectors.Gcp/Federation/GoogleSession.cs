using Etl.Core.Connectors;
using Etl.Core.Errors;
using Google.Apis.Auth.OAuth2;
using Microsoft.Extensions.Logging;

namespace Etl.Connectors.Gcp.Federation;

/// <summary>The run's sign-in to Google Cloud, made once and handed to every client: AWS credentials, a signed proof of them, Google's token exchange, and the service account's token; or what else Google Cloud accepts of this place. Nothing is asked for before the first request; concurrent first requests share one sign-in, and the token is renewed before it expires.</summary>
public sealed partial class GoogleSession
{
    internal const string Scope = "https://www.googleapis.com/auth/cloud-platform";

    private GoogleSession(ITokenIssuer issuer, ConnectorContext context, string? quotaProject, string universe)
    {
        Credential = new SessionCredential(issuer, quotaProject, context.Time, SignIns.Of(context), context.Logs.CreateLogger<GoogleSession>());
        UniverseDomain = universe;
    }

    /// <summary>What signs requests.</summary>
    public ICredential Credential { get; }

    /// <summary>The domain of Google's services.</summary>
    public string UniverseDomain { get; }

    /// <summary>The session of this run.</summary>
    /// <exception cref="ServiceException">The credentials file is missing, of a kind that is refused, or names addresses that must not be trusted.</exception>
    public static GoogleSession Of(ConnectorContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Shared(c => Create(c, new AwsDefaultChain()));
    }

    internal static GoogleSession Create(ConnectorContext context, IAwsIdentity identity)
    {
        var project = context.Settings<GoogleOptions>()?.Project;
        var location = CredentialsLocation.Find(context, Environment.GetEnvironmentVariable);
        Found(context.Logs.CreateLogger<GoogleSession>(), location.Path ?? "the metadata server of Google Cloud");
        if (location.Path is not { } path)
            return new GoogleSession(new MetadataIssuer(context.Time), context, project, TrustedAddresses.DefaultUniverse);

        var layout = location.Read();
        if (!location.MayBeUser && layout.Type is "authorized_user" or ImpersonatedFile.Type)
            throw CredentialsLayout.Wrong(path, "is a person's own sign-in, made by gcloud, and a pipeline's file must be \"external_account\". Leave `google: credentials:` out (and GOOGLE_WIF_CONFIG unset), and Etl finds gcloud's sign-in by itself.");
        var (issuer, universe) = Issuer(path, layout, TrustedAddresses.Of(Environment.GetEnvironmentVariable), identity, context.Time);
        return new GoogleSession(issuer, context, project ?? layout.QuotaProject, universe);
    }

    private static (ITokenIssuer Issuer, string Universe) Issuer(string path, CredentialsLayout layout, TrustedAddresses trusted, IAwsIdentity identity, TimeProvider time)
    {
        switch (layout.Type)
        {
            case "authorized_user":
                var user = AuthorizedUserFile.Check(path, layout, trusted);
                return (new UserIssuer(user, time), user.UniverseDomain);
            case ImpersonatedFile.Type:
                // Its source is of one of the other kinds, so this goes no deeper.
                var impersonated = ImpersonatedFile.Check(path, layout, trusted);
                return (new ImpersonatedIssuer(impersonated, Issuer(path, impersonated.Source, trusted, identity, time).Issuer, time), impersonated.UniverseDomain);
            default:
                var file = ExternalAccountFile.Check(path, layout, trusted);
                return (new FederatedIssuer(file, identity, time), file.UniverseDomain);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The sign-in to Google Cloud is described by {Place}")]
    private static partial void Found(ILogger log, string place);
}
