using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Etl.LocalCloud.Homes;

/// <summary>The token service that GitHub Actions gives a workflow (https://docs.github.com/en/actions/reference/security/oidc).</summary>
internal sealed class GitHubTokenService(OidcIssuer issuer, string subject)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    /// <summary>ACTIONS_ID_TOKEN_REQUEST_TOKEN.</summary>
    public string RequestToken { get; } = "localgithub" + RandomNumberGenerator.GetHexString(40, lowercase: true);

    public Task HandleAsync(HttpContext context)
    {
        var allowed = context.Request.Headers.Authorization == "Bearer " + RequestToken;
        context.Response.StatusCode = allowed ? 200 : 401;
        context.Response.ContentType = "application/json";
        var answer = allowed ? new JsonObject { ["value"] = issuer.Issue(subject, context.Request.Query["audience"].ToString(), Lifetime) } : new JsonObject { ["message"] = "Unauthorized" };
        return context.Response.WriteAsync(answer.ToJsonString(), context.RequestAborted);
    }
}
