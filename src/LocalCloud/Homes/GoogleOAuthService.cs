using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Etl.LocalCloud.Identity;
using Microsoft.AspNetCore.Http;

namespace Etl.LocalCloud.Homes;

/// <summary>Google's OAuth 2.0 token endpoint for a person whom gcloud signed in (https://developers.google.com/identity/protocols/oauth2/native-app#offline).</summary>
internal sealed class GoogleOAuthService(TokenAuthority tokens, string person, TimeSpan lifetime)
{
    /// <summary>gcloud's own client.</summary>
    public (string Id, string Secret) Client { get; } = ("local-gcloud.apps.googleusercontent.com", NewToken());

    /// <summary>The person's consent, as gcloud keeps it.</summary>
    public string RefreshToken { get; } = NewToken();

    public async Task HandleAsync(HttpContext context)
    {
        var form = context.Request.HasFormContentType ? await context.Request.ReadFormAsync(context.RequestAborted).ConfigureAwait(false) : FormCollection.Empty;
        var problem = form["grant_type"] != "refresh_token" ? "unsupported_grant_type"
            : form["client_id"] != Client.Id || form["client_secret"] != Client.Secret ? "invalid_client"
            : form["refresh_token"] != RefreshToken ? "invalid_grant" : null;
        context.Response.StatusCode = problem is null ? 200 : 400;
        context.Response.ContentType = "application/json; charset=utf-8";
        var answer = problem is not null ? new JsonObject { ["error"] = problem, ["error_description"] = "Bad Request" }
            : new JsonObject { ["access_token"] = tokens.Issue(GoogleIdentity.User(person), lifetime).Token, ["expires_in"] = (int)lifetime.TotalSeconds, ["token_type"] = "Bearer" };
        await context.Response.WriteAsync(answer.ToJsonString(), context.RequestAborted).ConfigureAwait(false);
    }

    private static string NewToken() => "localoauth" + RandomNumberGenerator.GetHexString(40, lowercase: true);
}
