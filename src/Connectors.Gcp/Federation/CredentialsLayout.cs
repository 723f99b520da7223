using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Etl.Core.Errors;

namespace Etl.Connectors.Gcp.Federation;

/// <summary>A Google credentials file as it is written: <c>external_account</c> (https://google.aip.dev/auth/4117), <c>authorized_user</c> or <c>impersonated_service_account</c>. Nothing in it is trusted yet.</summary>
internal sealed record CredentialsLayout
{
    public const string Remedy = "Make one with `gcloud iam workload-identity-pools create-cred-config PROVIDER --aws --service-account=EMAIL --output-file=wif.json`.";
    public const string UserRemedy = "Run `gcloud auth application-default login` again.";

    [JsonPropertyName("type")] public string? Type { get; init; }

    [JsonPropertyName("audience")] public string? Audience { get; init; }

    [JsonPropertyName("subject_token_type")] public string? SubjectTokenType { get; init; }

    [JsonPropertyName("token_url")] public string? TokenUrl { get; init; }

    [JsonPropertyName("service_account_impersonation_url")] public string? ImpersonationUrl { get; init; }

    [JsonPropertyName("service_account_impersonation")] public Lifetimes? Impersonation { get; init; }

    [JsonPropertyName("universe_domain")] public string? UniverseDomain { get; init; }

    [JsonPropertyName("quota_project_id")] public string? QuotaProject { get; init; }

    [JsonPropertyName("credential_source")] public SourceLayout? Source { get; init; }

    // What `gcloud auth application-default login` writes.
    [JsonPropertyName("client_id")] public string? ClientId { get; init; }

    [JsonPropertyName("client_secret")] public string? ClientSecret { get; init; }

    [JsonPropertyName("refresh_token")] public string? RefreshToken { get; init; }

    [JsonPropertyName("token_uri")] public string? TokenUri { get; init; }

    // What `gcloud auth application-default login --impersonate-service-account` writes besides.
    [JsonPropertyName("source_credentials")] public CredentialsLayout? SourceCredentials { get; init; }

    [JsonPropertyName("delegates")] public IReadOnlyList<string>? Delegates { get; init; }

    /// <summary>Reads the file.</summary>
    /// <exception cref="ServiceException">It is missing, no JSON object, or a service account's key.</exception>
    public static CredentialsLayout Read(string path) => Parse(path, () => SmallFile.Read(path));

    /// <summary>Reads the content of such a file.</summary>
    /// <param name="place">Where it stood, for messages.</param>
    /// <param name="json">The content.</param>
    /// <exception cref="ServiceException">It is no JSON object, or a service account's key.</exception>
    public static CredentialsLayout Parse(string place, string json) => Parse(place, () => Encoding.UTF8.GetBytes(json));

    private static CredentialsLayout Parse(string path, Func<byte[]> content)
    {
        CredentialsLayout layout;
        try
        {
            layout = JsonSerializer.Deserialize<CredentialsLayout>(content()) ?? throw new JsonException("It is null.");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Wrong(path, $"is not there. {Remedy} Then name it under `google: credentials:`, or in GOOGLE_WIF_CONFIG.", e);
        }
        catch (InvalidDataException)
        {
            throw Wrong(path, $"is larger than 1 MiB, so it is none. {Remedy}");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            // The parser's message could quote the file; its position cannot.
            throw Wrong(path, $"cannot be read as a JSON object{(e is JsonException { LineNumber: { } line } ? $" (line {line + 1})" : "")}. {Remedy}");
        }

        RefuseKey(path, layout, "is");
        return layout;
    }

    /// <exception cref="ServiceException">It is a service account's key.</exception>
    public static void RefuseKey(string path, CredentialsLayout layout, string what)
    {
        if (layout.Type == "service_account")
            throw Wrong(path, $"{what} a service account key. A key is a secret that lasts until somebody deletes it, so Etl signs in without one, by Workload Identity Federation. {Remedy} Then delete the key: `gcloud iam service-accounts keys list`, `gcloud iam service-accounts keys delete`.");
    }

    /// <summary>The universe that the file is for.</summary>
    /// <exception cref="ServiceException">It is one that whoever runs Etl does not name too.</exception>
    public static string UniverseOf(string path, CredentialsLayout layout, TrustedAddresses trusted)
    {
        var universe = string.IsNullOrEmpty(layout.UniverseDomain) ? TrustedAddresses.DefaultUniverse : layout.UniverseDomain;
        return trusted.IsUniverse(universe) ? universe
            : throw Wrong(path, $"is for the universe {universe}. A file alone does not decide that: when it is yours, set {TrustedAddresses.UniverseVariable}={universe}.");
    }

    /// <summary>What is wrong with the file at <paramref name="path"/>.</summary>
    public static ServiceException Wrong(string path, string what, Exception? inner = null) =>
        new($"The Google credentials file {path} {what}", transient: false, inner);

    /// <summary>How long an impersonated token is to last.</summary>
    internal sealed record Lifetimes
    {
        [JsonPropertyName("token_lifetime_seconds")] public int? Lifetime { get; init; }
    }

    /// <summary>Where the proof of who we are comes from.</summary>
    internal sealed record SourceLayout
    {
        [JsonPropertyName("environment_id")] public string? EnvironmentId { get; init; }

        [JsonPropertyName("regional_cred_verification_url")] public string? VerificationUrl { get; init; }

        [JsonPropertyName("region_url")] public string? RegionUrl { get; init; }

        [JsonPropertyName("imdsv2_session_token_url")] public string? SessionTokenUrl { get; init; }

        [JsonPropertyName("url")] public string? Url { get; init; }

        [JsonPropertyName("headers")] public IReadOnlyDictionary<string, string>? Headers { get; init; }

        [JsonPropertyName("file")] public string? File { get; init; }

        [JsonPropertyName("executable")] public JsonElement? Executable { get; init; }

        [JsonPropertyName("certificate")] public JsonElement? Certificate { get; init; }

        [JsonPropertyName("format")] public FormatLayout? Format { get; init; }
    }

    /// <summary>How the identity token is written in a file or an answer.</summary>
    internal sealed record FormatLayout
    {
        [JsonPropertyName("type")] public string? Type { get; init; }

        [JsonPropertyName("subject_token_field_name")] public string? Field { get; init; }
    }
}
