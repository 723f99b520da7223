using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Etl.LocalCloud.Identity;

/// <summary>Gives out Google access tokens and remembers whom they stand for.</summary>
internal sealed class TokenAuthority(TimeProvider time) : ITokenAuthority
{
    private readonly ConcurrentDictionary<string, (string Principal, DateTimeOffset Expires)> tokens = new();

    /// <summary>A new token for <paramref name="principal"/>.</summary>
    public (string Token, DateTimeOffset Expires) Issue(string principal, TimeSpan lifetime)
    {
        var token = "ya29.local-" + RandomNumberGenerator.GetHexString(48, lowercase: true);
        var expires = time.GetUtcNow() + lifetime;
        tokens[token] = (principal, expires);
        return (token, expires);
    }

    /// <inheritdoc/>
    public string? Identify(string accessToken) =>
        tokens.TryGetValue(accessToken, out var found) && found.Expires > time.GetUtcNow() ? found.Principal : null;
}
