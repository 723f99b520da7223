using Microsoft.AspNetCore.Http;

namespace Etl.LocalCloud.Identity;

/// <summary>Lets only requests with a live Google access token pass.</summary>
public static class BearerTokens
{
    /// <summary>Whom the request's token stands for; null when it is not known, and then 401 is answered as Google's APIs do.</summary>
    public static async Task<GoogleIdentity?> IdentifyAsync(HttpContext context, ITokenAuthority tokens)
    {
        var header = context.Request.Headers.Authorization.ToString();
        if (header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) && tokens.Identify(header[7..].Trim()) is { } found) return found;
        context.Response.Headers.WWWAuthenticate = "Bearer realm=\"https://accounts.google.com/\"";
        await GoogleErrors.WriteAsync(context, StatusCodes.Status401Unauthorized, header.Length == 0 ? "required" : "authError",
            header.Length == 0 ? "Login Required." : "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.",
            "UNAUTHENTICATED").ConfigureAwait(false);
        return null;
    }
}
