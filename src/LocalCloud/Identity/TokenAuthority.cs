using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Etl.LocalCloud.Identity;

/// <summary>Gives out Google access tokens and remembers whom they stand for.</summary>
internal sealed class TokenAuthority(TimeProvider time) : ITokenAuthority
{
    private readonly ConcurrentDictionary<string, (GoogleIdentity Identity, DateTimeOffset Expires)> tokens = new();

    /// <summary>A new token for <paramref name="identity"/>.</summary>
    public (string Token, DateTimeOffset Expires) Issue(GoogleIdentity identity, TimeSpan lifetime)
    {
        var token = "ya29.local-" + RandomNumberGenerator.GetHexString(48, lowercase: true);
        var expires = time.GetUtcNow() + lifetime;
        tokens[token] = (identity, expires);
        return (token, expires);
    }

    /// <inheritdoc/>
    public GoogleIdentity? Identify(string accessToken) =>
        tokens.TryGetValue(accessToken, out var found) && found.Expires > time.GetUtcNow() ? found.Identity : null;
}
