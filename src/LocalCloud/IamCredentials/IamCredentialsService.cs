using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Etl.LocalCloud.Iam;
using Etl.LocalCloud.Identity;
using Microsoft.AspNetCore.Http;

namespace Etl.LocalCloud.IamCredentials;

/// <summary>IAM Service Account Credentials: generateAccessToken (https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/generateAccessToken).</summary>
internal sealed class IamCredentialsService(TokenAuthority tokens, AccessControl access, TimeSpan lifetime)
{
    private const string Prefix = "/v1/projects/-/serviceAccounts/";
    private const string Verb = ":generateAccessToken";
    private static readonly TimeSpan LongestLifetime = TimeSpan.FromHours(1);

    public async Task HandleAsync(HttpContext context)
    {
        var path = Uri.UnescapeDataString(context.Request.Path.Value ?? "");
        if (!HttpMethods.IsPost(context.Request.Method) || !path.StartsWith(Prefix, StringComparison.Ordinal) || !path.EndsWith(Verb, StringComparison.Ordinal))
        {
            await GoogleErrors.WriteAsync(context, 404, "notFound", "Requested entity was not found.", "NOT_FOUND").ConfigureAwait(false);
            return;
        }

        if (await BearerTokens.IdentifyAsync(context, tokens).ConfigureAwait(false) is not { } who) return;
        if (path[Prefix.Length..^Verb.Length] != access.Account.Email)
        {
            await GoogleErrors.WriteAsync(context, 404, "notFound", "Not found; Gaia id not found for email " + path[Prefix.Length..^Verb.Length], "NOT_FOUND").ConfigureAwait(false);
            return;
        }

        if (!access.MayImpersonate(who))
        {
            await DenyAsync(context).ConfigureAwait(false);
            return;
        }

        if (access.Account.Disabled)
        {
            await GoogleErrors.WriteAsync(context, 400, "failedPrecondition", "Service account is disabled.", "FAILED_PRECONDITION").ConfigureAwait(false);
            return;
        }

        var (asked, problem) = await ReadAsync(context).ConfigureAwait(false);
        if (problem is not null)
        {
            await GoogleErrors.WriteAsync(context, 400, "badRequest", problem, "INVALID_ARGUMENT").ConfigureAwait(false);
            return;
        }

        var (token, expires) = tokens.Issue(GoogleIdentity.ServiceAccount(access.Account.Email), asked is { } shorter && shorter < lifetime ? shorter : lifetime);
        context.Response.ContentType = "application/json; charset=UTF-8";
        await context.Response.WriteAsync(new JsonObject
        {
            ["accessToken"] = token,
            ["expireTime"] = expires.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        }.ToJsonString(), context.RequestAborted).ConfigureAwait(false);
    }

    private static Task DenyAsync(HttpContext context)
    {
        var error = new JsonObject
        {
            ["code"] = 403,
            ["message"] = "Permission 'iam.serviceAccounts.getAccessToken' denied on resource (or it may not exist).",
            ["status"] = "PERMISSION_DENIED",
            ["details"] = new JsonArray(new JsonObject
            {
                ["@type"] = "type.googleapis.com/google.rpc.ErrorInfo",
                ["reason"] = "IAM_PERMISSION_DENIED",
                ["domain"] = "iam.googleapis.com",
                ["metadata"] = new JsonObject { ["permission"] = "iam.serviceAccounts.getAccessToken" },
            }),
        };
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        context.Response.ContentType = "application/json; charset=UTF-8";
        return context.Response.WriteAsync(new JsonObject { ["error"] = error }.ToJsonString(), context.RequestAborted);
    }

    private static async Task<(TimeSpan? Lifetime, string? Problem)> ReadAsync(HttpContext context)
    {
        try
        {
            var body = (await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted).ConfigureAwait(false))!.AsObject();
            if (body["scope"] is not JsonArray { Count: > 0 }) return (null, "Scope cannot be empty.");
            if (body["lifetime"]?.GetValue<string>() is not { } text) return (null, null);
            return text.EndsWith('s') && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && TimeSpan.FromSeconds(seconds) is var lifetime && lifetime > TimeSpan.Zero && lifetime <= LongestLifetime
                ? (lifetime, null) : (null, "Lifetime must be no longer than 3600s. See https://cloud.google.com/iam/docs/creating-short-lived-service-account-credentials");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or NullReferenceException)
        {
            return (null, "Invalid JSON payload received.");
        }
    }
}
