using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Etl.Connectors.Gcp.Federation;

/// <summary>An OpenID Connect token as a file or an answer holds it.</summary>
internal static partial class IdentityToken
{
    /// <summary>The token, or null when there is none: an untrusted credentials file must not have some other file's content sent out.</summary>
    /// <param name="text">The file or the answer.</param>
    /// <param name="field">The JSON field that holds it, or null when <paramref name="text"/> is the token.</param>
    public static string? Parse(string text, string? field)
    {
        var token = field is null ? text.Trim() : Field(text, field);
        return token is not null && Jwt().IsMatch(token) ? token : null;
    }

    private static string? Field(string text, string field)
    {
        try
        {
            return (string?)(JsonNode.Parse(text) as JsonObject)?[field];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"\AeyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\z")]
    private static partial Regex Jwt();
}
