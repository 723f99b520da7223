using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;

namespace Etl.LocalCloud.Homes;

/// <summary>The OpenID Connect provider of the local Kubernetes cluster and of the local GitHub: signs identity tokens and verifies them.</summary>
internal sealed class OidcIssuer(TimeProvider time) : IDisposable
{
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>A token for <paramref name="subject"/>, good for <paramref name="audience"/> alone.</summary>
    public string Issue(string subject, string audience, TimeSpan lifetime)
    {
        var now = time.GetUtcNow();
        var head = Part(new JsonObject { ["alg"] = "ES256", ["typ"] = "JWT" });
        var body = Part(new JsonObject
        {
            ["iss"] = "https://oidc.local.example",
            ["sub"] = subject,
            ["aud"] = audience,
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = (now + lifetime).ToUnixTimeSeconds(),
        });
        return $"{head}.{body}.{WebEncoders.Base64UrlEncode(key.SignData(Encoding.ASCII.GetBytes($"{head}.{body}"), HashAlgorithmName.SHA256))}";
    }

    /// <summary>The subject of a token that this issuer signed for <paramref name="audience"/> and that is still good, or null.</summary>
    public string? Verify(string token, string audience)
    {
        try
        {
            if (token.Split('.') is not [var head, var body, var signature]) return null;
            if (!key.VerifyData(Encoding.ASCII.GetBytes($"{head}.{body}"), WebEncoders.Base64UrlDecode(signature), HashAlgorithmName.SHA256)) return null;
            var claims = JsonNode.Parse(WebEncoders.Base64UrlDecode(body))!;
            return (string?)claims["aud"] == audience && (long)claims["exp"]! > time.GetUtcNow().ToUnixTimeSeconds() ? (string?)claims["sub"] : null;
        }
        catch (Exception e) when (e is FormatException or JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => key.Dispose();

    private static string Part(JsonObject json) => WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(json.ToJsonString()));
}
