using Etl.Core.Errors;
using static Etl.Connectors.Gcp.Federation.CredentialsLayout;

namespace Etl.Connectors.Gcp.Federation;

/// <summary>What <c>gcloud auth application-default login</c> keeps of a person's sign-in on a laptop, checked.</summary>
internal sealed record AuthorizedUserFile
{
    public required string Path { get; init; }

    public required string ClientId { get; init; }

    public required string ClientSecret { get; init; }

    public required string RefreshToken { get; init; }

    public required Uri TokenUrl { get; init; }

    public string UniverseDomain { get; init; } = TrustedAddresses.DefaultUniverse;

    // Nothing prints a secret by accident.
    public override string ToString() => Path;

    /// <exception cref="ServiceException">Something is missing, or it names an address that must not be trusted.</exception>
    public static AuthorizedUserFile Check(string path, CredentialsLayout layout, TrustedAddresses trusted)
    {
        if (layout is not { ClientId.Length: > 0, ClientSecret.Length: > 0, RefreshToken.Length: > 0 })
            throw Wrong(path, "lacks client_id, client_secret or refresh_token. " + UserRemedy);
        var universe = UniverseOf(path, layout, trusted);
        var url = layout.TokenUri ?? $"https://oauth2.{universe}/token";
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || !trusted.IsGoogle(address, "oauth2", universe))
            throw Wrong(path, $"sends the refresh token elsewhere than to https://oauth2.{universe} (token_uri). Do not use a credentials file from somebody you do not trust.");
        return new AuthorizedUserFile
        {
            Path = path,
            ClientId = layout.ClientId,
            ClientSecret = layout.ClientSecret,
            RefreshToken = layout.RefreshToken,
            TokenUrl = address,
            UniverseDomain = universe,
        };
    }
}
