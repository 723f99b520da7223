using System.Text.Json.Nodes;
using Etl.LocalCloud.Identity;
using Microsoft.AspNetCore.Http;

namespace Etl.LocalCloud.Homes;

/// <summary>The metadata server of a machine on Google Cloud, as far as signing in goes (https://cloud.google.com/compute/docs/metadata/overview).</summary>
internal sealed class GoogleMetadataService(TokenAuthority tokens, string account, TimeSpan lifetime)
{
    private const string Accounts = "/computeMetadata/v1/instance/service-accounts/default/";

    public Task HandleAsync(HttpContext context)
    {
        context.Response.Headers["Metadata-Flavor"] = "Google";
        // The header shows that no browser was tricked into asking.
        if (context.Request.Path != "/" && context.Request.Headers["Metadata-Flavor"] != "Google") return TextAsync(context, "Missing Metadata-Flavor:Google header.", 403);
        return context.Request.Path.Value switch
        {
            "/" => TextAsync(context, "computeMetadata/\n"),
            Accounts + "email" => TextAsync(context, account),
            Accounts + "token" => TokenAsync(context),
            _ => TextAsync(context, "Not Found", 404),
        };
    }

    private Task TokenAsync(HttpContext context)
    {
        var (token, _) = tokens.Issue(GoogleIdentity.ServiceAccount(account), lifetime);
        return TextAsync(context, new JsonObject { ["access_token"] = token, ["expires_in"] = (int)lifetime.TotalSeconds, ["token_type"] = "Bearer" }.ToJsonString(), type: "application/json");
    }

    private static Task TextAsync(HttpContext context, string text, int status = 200, string type = "application/text")
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        return context.Response.WriteAsync(text, context.RequestAborted);
    }
}
