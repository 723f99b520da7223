using Etl.Core.Errors;
using static Etl.Connectors.Gcp.Federation.CredentialsLayout;

namespace Etl.Connectors.Gcp.Federation;

/// <summary>What <c>gcloud auth application-default login --impersonate-service-account</c> keeps: another sign-in, and the service account to act as; checked.</summary>
internal sealed record ImpersonatedFile
{
    public const string Type = "impersonated_service_account";

    public required string Path { get; init; }

    public required Uri ImpersonationUrl { get; init; }

    /// <summary>The service accounts in between, each of which may act as the next (<c>projects/-/serviceAccounts/EMAIL</c>).</summary>
    public IReadOnlyList<string> Delegates { get; init; } = [];

    /// <summary>The sign-in whose token acts: not checked yet.</summary>
    public required CredentialsLayout Source { get; init; }

    public string UniverseDomain { get; init; } = TrustedAddresses.DefaultUniverse;

    /// <summary>The service account's e-mail.</summary>
    public string ServiceAccount => ExternalAccountFile.ServiceAccountOf(ImpersonationUrl)!;

    // Nothing prints the source's secret by accident.
    public override string ToString() => Path;

    /// <exception cref="ServiceException">Something is missing or of a kind that is refused, or it names an address that must not be trusted.</exception>
    public static ImpersonatedFile Check(string path, CredentialsLayout layout, TrustedAddresses trusted)
    {
        var universe = UniverseOf(path, layout, trusted);
        if (layout.SourceCredentials is not { } source)
            throw Wrong(path, $"has no source_credentials. {UserRemedy}");
        RefuseKey(path, source, "has as source_credentials");
        if (source.Type is not ("authorized_user" or "external_account"))
            throw Wrong(path, $"has source_credentials of type \"{source.Type}\", and Etl knows authorized_user and external_account. {UserRemedy}");
        return new ImpersonatedFile
        {
            Path = path,
            ImpersonationUrl = ExternalAccountFile.Trusted(path, "service_account_impersonation_url", layout.ImpersonationUrl, url => trusted.IsImpersonation(url, universe), ExternalAccountFile.ImpersonationPlace(universe), UserRemedy),
            Delegates = layout.Delegates ?? [],
            Source = source,
            UniverseDomain = universe,
        };
    }
}
