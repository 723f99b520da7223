using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Etl.Core.Errors;

namespace Etl.Connectors.Gcp.Federation;

/// <summary>A credential configuration of a workload identity pool for AWS (https://google.aip.dev/auth/4117). It decides where signed requests and tokens go, so every address in it is checked.</summary>
internal sealed partial record ExternalAccountFile
{
    public const string AwsSubjectTokenType = "urn:ietf:params:aws:token-type:aws4_request";
    private const string Remedy = "Make one with `gcloud iam workload-identity-pools create-cred-config PROVIDER --aws --service-account=EMAIL --output-file=wif.json`.";

    public required Uri TokenUrl { get; init; }

    public required string Audience { get; init; }

    public required string VerificationUrl { get; init; }

    public Uri? ImpersonationUrl { get; init; }

    /// <summary>How long an impersonated token is to last.</summary>
    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromHours(1);

    public string UniverseDomain { get; init; } = "googleapis.com";

    public required string Path { get; init; }

    /// <summary>The service account's e-mail, or null without impersonation.</summary>
    public string? ServiceAccount => ImpersonationUrl is { } url && ServiceAccountPart().Match(url.AbsolutePath) is { Success: true } match ? Uri.UnescapeDataString(match.Groups[1].Value) : null;

    /// <exception cref="ServiceException">The file is missing, or is not such a configuration.</exception>
    public static ExternalAccountFile Read(string path)
    {
        Layout layout;
        try
        {
            layout = JsonSerializer.Deserialize<Layout>(File.ReadAllBytes(path)) ?? throw new JsonException("It is null.");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Wrong(path, $"is not there. {Remedy} Then name it under `google: credentials:`, or in GOOGLE_WIF_CONFIG.", e);
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            // The parser's message could quote the file; its position cannot.
            throw Wrong(path, $"cannot be read as a JSON object{(e is JsonException { LineNumber: { } line } ? $" (line {line + 1})" : "")}. {Remedy}", inner: null);
        }

        if (layout.Type == "service_account")
            throw Wrong(path, $"is a service account key. A key is a secret that lasts until somebody deletes it, so Etl signs in without one, by Workload Identity Federation. {Remedy}");
        if (layout.Type != "external_account")
            throw Wrong(path, $"has \"type\": \"{layout.Type}\", and must be \"external_account\". {Remedy}");
        if (layout.SubjectTokenType != AwsSubjectTokenType || layout.Source?.EnvironmentId is not { } environment || !environment.StartsWith("aws", StringComparison.Ordinal))
            throw Wrong(path, $"is not for AWS: its subject_token_type must be {AwsSubjectTokenType} and credential_source.environment_id aws1. {Remedy}");
        if (environment != "aws1")
            throw Wrong(path, $"has credential_source.environment_id {environment}; this version of Etl knows aws1.");
        if (string.IsNullOrEmpty(layout.Audience))
            throw Wrong(path, $"has no audience. {Remedy}");
        if (layout.Source.VerificationUrl is not { Length: > 0 } verification)
            throw Wrong(path, $"has no credential_source.regional_cred_verification_url. {Remedy}");
        if (layout.Impersonation?.Lifetime is < 600 or > 43200)
            throw Wrong(path, "has a token_lifetime_seconds outside of 600 to 43200.");

        var universe = string.IsNullOrEmpty(layout.UniverseDomain) ? "googleapis.com" : layout.UniverseDomain;
        // The signed request proves who we are to whoever holds it: it may name AWS only.
        _ = Address(path, "credential_source.regional_cred_verification_url", verification.Replace("{region}", "us-east-1", StringComparison.Ordinal), "amazonaws.com", "amazonaws.com.cn");
        return new ExternalAccountFile
        {
            Path = path,
            Audience = layout.Audience,
            TokenUrl = Address(path, "token_url", layout.TokenUrl, universe),
            VerificationUrl = verification,
            ImpersonationUrl = layout.ImpersonationUrl is null ? null : Address(path, "service_account_impersonation_url", layout.ImpersonationUrl, universe),
            TokenLifetime = TimeSpan.FromSeconds(layout.Impersonation?.Lifetime ?? 3600),
            UniverseDomain = universe,
        };
    }

    private static Uri Address(string path, string name, string? text, params ReadOnlySpan<string> domains)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri))
            throw Wrong(path, $"has no {name} that is a URL. {Remedy}");
        if (uri.IsLoopback && uri.Scheme is "http" or "https" && uri.IsLoopback) return uri;
        foreach (var domain in domains)
            if (uri.Scheme == "https" && uri.UserInfo.Length == 0 && uri.Host.EndsWith("." + domain, StringComparison.OrdinalIgnoreCase))
                return uri;
        throw Wrong(path, $"sends credentials to {uri.Scheme}://{uri.Host} ({name}), which is not https on {string.Join(" or ", domains!)}. Do not use a configuration file from somebody you do not trust. {Remedy}");
    }

    private static ServiceException Wrong(string path, string what, Exception? inner = null) =>
        new($"The Google credentials file {path} {what}", transient: false, inner);

    [GeneratedRegex("/serviceAccounts/([^/:]+):generateAccessToken$")]
    private static partial Regex ServiceAccountPart();

    private sealed record Layout
    {
        [JsonPropertyName("type")] public string? Type { get; init; }

        [JsonPropertyName("audience")] public string? Audience { get; init; }

        [JsonPropertyName("subject_token_type")] public string? SubjectTokenType { get; init; }

        [JsonPropertyName("token_url")] public string? TokenUrl { get; init; }

        [JsonPropertyName("service_account_impersonation_url")] public string? ImpersonationUrl { get; init; }

        [JsonPropertyName("service_account_impersonation")] public Lifetimes? Impersonation { get; init; }

        [JsonPropertyName("universe_domain")] public string? UniverseDomain { get; init; }

        [JsonPropertyName("credential_source")] public AwsSource? Source { get; init; }
    }

    private sealed record Lifetimes
    {
        [JsonPropertyName("token_lifetime_seconds")] public int? Lifetime { get; init; }
    }

    private sealed record AwsSource
    {
        [JsonPropertyName("environment_id")] public string? EnvironmentId { get; init; }

        [JsonPropertyName("regional_cred_verification_url")] public string? VerificationUrl { get; init; }
    }
}
