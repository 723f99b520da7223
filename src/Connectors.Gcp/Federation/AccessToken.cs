using Google.Apis.Auth.OAuth2.Responses;

namespace Etl.Connectors.Gcp.Federation;

/// <summary>A Google access token, and when to get the next.</summary>
internal sealed class AccessToken
{
    // Renewal starts early enough for several attempts, at most these many before the end; of short lives, a share.
    private static readonly TimeSpan RenewalLead = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan UnsafeEnd = TimeSpan.FromSeconds(30);

    public AccessToken(string value, DateTimeOffset issued, TimeSpan lifetime)
    {
        Value = value;
        RenewFrom = issued + lifetime - Shorter(RenewalLead, lifetime / 4);
        UsableUntil = issued + lifetime - Shorter(UnsafeEnd, lifetime / 10);
    }

    /// <summary>The token itself: a secret.</summary>
    public string Value { get; }

    /// <summary>From when on the next is to be asked for, while this one still serves.</summary>
    public DateTimeOffset RenewFrom { get; }

    /// <summary>Until when a request may start with this one.</summary>
    public DateTimeOffset UsableUntil { get; }

    /// <exception cref="InvalidOperationException">The answer holds no token.</exception>
    public static AccessToken Of(TokenResponse response) => string.IsNullOrEmpty(response.AccessToken)
        ? throw new InvalidOperationException("The answer holds no access token.")
        : new(response.AccessToken, new DateTimeOffset(response.IssuedUtc, TimeSpan.Zero), TimeSpan.FromSeconds(response.ExpiresInSeconds ?? 0));

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
