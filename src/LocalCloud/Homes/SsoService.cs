using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Etl.LocalCloud.Host;
using Etl.LocalCloud.Identity;
using Microsoft.AspNetCore.Http;

namespace Etl.LocalCloud.Homes;

/// <summary>IAM Identity Center: the portal that gives a signed-in person a role's credentials (https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_GetRoleCredentials.html), and the renewal of the person's token (https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_CreateToken.html).</summary>
internal sealed class SsoService(Func<string, AwsKey> assume)
{
    private const int Lifetime = 3600;
    private readonly string accessToken = NewToken();

    /// <summary>What <c>aws sso login</c> was given for renewals.</summary>
    public string RefreshToken { get; } = NewToken();

    /// <summary>The client that <c>aws sso login</c> registered.</summary>
    public (string Id, string Secret) Client { get; } = ("local-client", NewToken());

    public Task HandleAsync(HttpContext context) => context.Request.Path.Value switch
    {
        "/federation/credentials" => CredentialsAsync(context),
        "/token" => RenewAsync(context),
        _ => AnswerAsync(context, 404, new JsonObject { ["message"] = "No method found" }),
    };

    private Task CredentialsAsync(HttpContext context)
    {
        if (context.Request.Headers["x-amz-sso_bearer_token"] != accessToken)
            return AnswerAsync(context, 401, new JsonObject { ["message"] = "Session token not found or invalid" }, "UnauthorizedException");
        var key = assume(context.Request.Query["role_name"].ToString());
        return AnswerAsync(context, 200, new JsonObject
        {
            ["roleCredentials"] = new JsonObject
            {
                ["accessKeyId"] = key.AccessKeyId,
                ["secretAccessKey"] = key.SecretAccessKey,
                ["sessionToken"] = key.SessionToken,
                ["expiration"] = key.Expires.ToUnixTimeMilliseconds(),
            },
        });
    }

    private async Task RenewAsync(HttpContext context)
    {
        var body = await JsonBody.ReadAsync(context).ConfigureAwait(false);
        if ((string?)body?["grantType"] != "refresh_token" || (string?)body["refreshToken"] != RefreshToken || (string?)body["clientSecret"] != Client.Secret)
        {
            await AnswerAsync(context, 400, new JsonObject { ["error"] = "invalid_grant", ["error_description"] = "Invalid refresh token provided" }, "InvalidGrantException").ConfigureAwait(false);
            return;
        }

        await AnswerAsync(context, 200, new JsonObject { ["accessToken"] = accessToken, ["expiresIn"] = Lifetime, ["refreshToken"] = RefreshToken, ["tokenType"] = "Bearer" }).ConfigureAwait(false);
    }

    private static Task AnswerAsync(HttpContext context, int status, JsonObject answer, string? error = null)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        if (error is not null) context.Response.Headers["x-amzn-ErrorType"] = error;
        return context.Response.WriteAsync(answer.ToJsonString(), context.RequestAborted);
    }

    private static string NewToken() => "localsso" + RandomNumberGenerator.GetHexString(40, lowercase: true);
}
