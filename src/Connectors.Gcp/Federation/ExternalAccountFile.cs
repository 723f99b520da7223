using System.Text.RegularExpressions;
using Etl.Core.Errors;
using static Etl.Connectors.Gcp.Federation.CredentialsLayout;

namespace Etl.Connectors.Gcp.Federation;

/// <summary>A credential configuration of a workload identity pool (https://google.aip.dev/auth/4117), checked: what it names may be trusted with what is sent there.</summary>
internal sealed partial record ExternalAccountFile
{
    public const string AwsSubjectTokenType = "urn:ietf:params:aws:token-type:aws4_request";
    private static readonly string[] IdentityTokenTypes = ["urn:ietf:params:oauth:token-type:jwt", "urn:ietf:params:oauth:token-type:id_token"];

    public required string Path { get; init; }

    public required string Audience { get; init; }

    public required string SubjectTokenType { get; init; }

    public required SubjectTokenSource Source { get; init; }

    public required Uri TokenUrl { get; init; }

    public Uri? ImpersonationUrl { get; init; }

    /// <summary>How long an impersonated token is to last.</summary>
    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromHours(1);

    public string UniverseDomain { get; init; } = TrustedAddresses.DefaultUniverse;

    /// <summary>The service account's e-mail, or null without impersonation.</summary>
    public string? ServiceAccount => ServiceAccountOf(ImpersonationUrl);

    /// <summary>The service account that <paramref name="impersonation"/> acts as, or null without one.</summary>
    public static string? ServiceAccountOf(Uri? impersonation) =>
        impersonation is { } url && ServiceAccountPart().Match(url.AbsolutePath) is { Success: true } match ? Uri.UnescapeDataString(match.Groups[1].Value) : null;

    /// <summary>Where a service account is impersonated, for errors.</summary>
    public static string ImpersonationPlace(string universe) => $"Google's IAM service (https://iamcredentials.{universe}/v1/projects/-/serviceAccounts/EMAIL:generateAccessToken)";

    /// <exception cref="ServiceException">The file is missing, or is not such a configuration.</exception>
    public static ExternalAccountFile Read(string path) => Check(path, CredentialsLayout.Read(path), TrustedAddresses.Of(Environment.GetEnvironmentVariable));

    /// <exception cref="ServiceException">The file is not such a configuration, or names an address that must not be trusted.</exception>
    public static ExternalAccountFile Check(string path, CredentialsLayout layout, TrustedAddresses trusted)
    {
        if (layout.Type != "external_account")
            throw Wrong(path, $"has \"type\": \"{layout.Type}\", and must be \"external_account\". {Remedy}");
        if (string.IsNullOrEmpty(layout.Audience))
            throw Wrong(path, $"has no audience. {Remedy}");
        if (layout.Impersonation?.Lifetime is < 600 or > 43200)
            throw Wrong(path, "has a token_lifetime_seconds outside of 600 to 43200.");
        var universe = UniverseOf(path, layout, trusted);

        return new ExternalAccountFile
        {
            Path = path,
            Audience = layout.Audience,
            SubjectTokenType = layout.SubjectTokenType ?? "",
            Source = SourceOf(path, layout, trusted),
            TokenUrl = Trusted(path, "token_url", layout.TokenUrl, url => trusted.IsGoogle(url, "sts", universe), $"Google's token service (https://sts.{universe})"),
            ImpersonationUrl = layout.ImpersonationUrl is not { } impersonation ? null
                : Trusted(path, "service_account_impersonation_url", impersonation, url => trusted.IsImpersonation(url, universe), ImpersonationPlace(universe)),
            TokenLifetime = TimeSpan.FromSeconds(layout.Impersonation?.Lifetime ?? 3600),
            UniverseDomain = universe,
        };
    }

    private static SubjectTokenSource SourceOf(string path, CredentialsLayout layout, TrustedAddresses trusted)
    {
        var source = layout.Source ?? throw Wrong(path, $"has no credential_source. {Remedy}");
        if (source.Executable is not null)
            throw Wrong(path, $"has a credential_source that runs a program. Etl runs no program that a file names. {Remedy}");
        if (source.Certificate is not null)
            throw Wrong(path, $"has a credential_source that signs in with a certificate, which Etl does not know. {Remedy}");
        if (source.EnvironmentId is { } environment)
            return AwsOf(path, layout, environment, source, trusted);
        if (!IdentityTokenTypes.Contains(layout.SubjectTokenType))
            throw Wrong(path, $"is for neither AWS nor an OpenID Connect token: its subject_token_type must be {AwsSubjectTokenType} with credential_source.environment_id aws1, or {IdentityTokenTypes[0]} with a credential_source.file or url. {Remedy}");

        var field = source.Format?.Type switch
        {
            null or "text" => null,
            "json" => source.Format.Field is { Length: > 0 } name ? name : throw Wrong(path, "has a credential_source.format of json without a subject_token_field_name."),
            var other => throw Wrong(path, $"has a credential_source.format of {other}, and must be text or json."),
        };
        return source switch
        {
            // A relative file is the credentials file's neighbour, wherever the command was started.
            { File: { Length: > 0 } file, Url: null } => new TokenFileSource(System.IO.Path.GetFullPath(file, System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!), field),
            { Url: { Length: > 0 } url, File: null } => new GitHubSource(
                Trusted(path, "credential_source.url", url, trusted.IsGitHubActions, "GitHub Actions' token service (https://….actions.githubusercontent.com)"), source.Headers ?? new Dictionary<string, string>(), field),
            _ => throw Wrong(path, "must have either credential_source.file or credential_source.url."),
        };
    }

    private static AwsSource AwsOf(string path, CredentialsLayout layout, string environment, SourceLayout source, TrustedAddresses trusted)
    {
        if (layout.SubjectTokenType != AwsSubjectTokenType)
            throw Wrong(path, $"has credential_source.environment_id {environment}, so its subject_token_type must be {AwsSubjectTokenType}. {Remedy}");
        if (environment != "aws1")
            throw Wrong(path, $"has credential_source.environment_id {environment}; this version of Etl knows aws1.");
        if (source.VerificationUrl is not { Length: > 0 } verification)
            throw Wrong(path, $"has no credential_source.regional_cred_verification_url. {Remedy}");
        _ = Trusted(path, "credential_source.regional_cred_verification_url", verification.Replace("{region}", "us-east-1", StringComparison.Ordinal), trusted.IsCallerIdentity, "AWS's token service (https://sts.{region}.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15)");
        // Etl takes AWS credentials from the SDK and never asks these; a file that names another place is not an honest one.
        foreach (var (name, url) in (ReadOnlySpan<(string, string?)>)[("url", source.Url), ("region_url", source.RegionUrl), ("imdsv2_session_token_url", source.SessionTokenUrl)])
            if (url is not null)
                _ = Trusted(path, "credential_source." + name, url, trusted.IsMetadata, "EC2's metadata service (http://169.254.169.254)");
        return new AwsSource(verification);
    }

    /// <summary>The address <paramref name="text"/>, when it may be trusted.</summary>
    /// <exception cref="ServiceException">It may not.</exception>
    public static Uri Trusted(string path, string name, string? text, Func<Uri, bool> isTrusted, string wanted, string remedy = Remedy)
    {
        // A path is an absolute URL to .NET, of a file.
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.IsFile)
            throw Wrong(path, $"has no {name} that is a URL. {remedy}");
        if (isTrusted(uri)) return uri;
        var hint = uri.IsLoopback ? $" For development against the local cloud, set {TrustedAddresses.LoopbackVariable}=1." : " Do not use a configuration file from somebody you do not trust.";
        throw Wrong(path, $"sends credentials to {uri.Scheme}://{uri.Host} ({name}), which is not {wanted}.{hint} {remedy}");
    }

    [GeneratedRegex("/serviceAccounts/([^/:]+):generateAccessToken$")]
    private static partial Regex ServiceAccountPart();
}
