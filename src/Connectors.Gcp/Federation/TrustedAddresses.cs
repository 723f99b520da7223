using System.Text;
using System.Text.RegularExpressions;
using Etl.Core.Connectors;

namespace Etl.Connectors.Gcp.Federation;

/// <summary>Which addresses a credentials file may name. Whoever wrote the file decides where proofs and tokens go, so they go only to the services they are for.</summary>
/// <param name="AllowLoopback">Whether loopback is allowed too, as development against the local cloud needs.</param>
/// <param name="Universe">The universe domain that whoever runs Etl trusts besides googleapis.com, or null.</param>
internal sealed partial record TrustedAddresses(bool AllowLoopback, string? Universe)
{
    /// <summary>The development flag.</summary>
    public const string LoopbackVariable = "ETL_ALLOW_LOOPBACK_SIGN_IN";

    /// <summary>The variable that names another universe, as Google's own libraries read it.</summary>
    public const string UniverseVariable = "GOOGLE_CLOUD_UNIVERSE_DOMAIN";

    public const string DefaultUniverse = "googleapis.com";

    public static TrustedAddresses Of(Func<string, string?> environment) =>
        new(environment(LoopbackVariable) is "1" or "true", environment(UniverseVariable) is { Length: > 0 } universe ? universe : null);

    /// <summary>A file alone may not name a universe: it could be anybody's domain.</summary>
    public bool IsUniverse(string domain) =>
        domain == DefaultUniverse || string.Equals(domain, Universe, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether <paramref name="address"/> is the service <paramref name="service"/> (its first label: sts, iamcredentials, oauth2) of a universe, at its global or at a regional name.</summary>
    public bool IsGoogle(Uri address, string service, string universe)
    {
        if (IsAllowedLoopback(address)) return true;
        var suffix = "." + universe;
        if (!IsPlainHttps(address) || !address.Host.EndsWith(suffix, StringComparison.OrdinalIgnoreCase)) return false;
        // sts, sts.REGION, sts.REGION.rep, REGION-sts, sts-REGION.p (https://cloud.google.com/vpc/docs/regional-service-endpoints, private endpoints)
        return Regex.IsMatch(
            address.Host[..^suffix.Length],
            $@"^({service}(\.[a-z0-9-]+(\.rep)?)?|[a-z0-9-]+[.-]{service}|{service}-[a-z0-9-]+\.p)$",
            RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
    }

    /// <summary>Whether <paramref name="address"/> is generateAccessToken of a service account: a federated token is shown to nothing else.</summary>
    public bool IsImpersonation(Uri address, string universe) => IsGoogle(address, "iamcredentials", universe) && address.Query.Length == 0 && GenerateAccessToken().IsMatch(address.AbsolutePath);

    /// <summary>Whether <paramref name="address"/> is GetCallerIdentity at AWS's Security Token Service: nothing else is ever signed for a file.</summary>
    public bool IsCallerIdentity(Uri address) =>
        address.AbsolutePath == "/" && CallerIdentity().IsMatch(address.Query) && (IsAllowedLoopback(address) || (IsPlainHttps(address) && AwsSts().IsMatch(address.Host)));

    /// <summary>Whether <paramref name="address"/> is GitHub's token service for workflows.</summary>
    public bool IsGitHubActions(Uri address) =>
        IsAllowedLoopback(address) || (IsPlainHttps(address) && address.Host.EndsWith(".actions.githubusercontent.com", StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether <paramref name="address"/> is a machine's own metadata service.</summary>
    public bool IsMetadata(Uri address) => MetadataAddresses.Allow(address) && (!address.IsLoopback || AllowLoopback);

    private bool IsAllowedLoopback(Uri address) => AllowLoopback && address.IsLoopback && address.Scheme is ("http" or "https");

    // Letters that only look like those of a host, or are made into them on the way (sts.ｇoogleapis.com), have no place in a machine's file.
    private static bool IsPlainHttps(Uri address) => address is { Scheme: "https", IsDefaultPort: true, UserInfo.Length: 0, HostNameType: UriHostNameType.Dns } && Ascii.IsValid(address.OriginalString);

    [GeneratedRegex(@"^sts(-fips)?(\.[a-z0-9-]+)?\.(amazonaws\.com|amazonaws\.com\.cn|api\.aws)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex AwsSts();

    [GeneratedRegex(@"^/v1/projects/[^/]+/serviceAccounts/[^/:]+:generateAccessToken\z")]
    private static partial Regex GenerateAccessToken();

    [GeneratedRegex(@"^\?Action=GetCallerIdentity(&Version=[0-9-]+)?$")]
    private static partial Regex CallerIdentity();
}
