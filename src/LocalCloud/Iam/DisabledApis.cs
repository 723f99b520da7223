using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Etl.LocalCloud.Iam;

/// <summary>Answers for an API that is not enabled, as Google's front end does (https://cloud.google.com/apis/docs/troubleshooting).</summary>
internal static class DisabledApis
{
    private static readonly Dictionary<string, string> Titles = new()
    {
        ["iamcredentials.googleapis.com"] = "IAM Service Account Credentials API",
        ["sts.googleapis.com"] = "Security Token Service API",
        ["iam.googleapis.com"] = "Identity and Access Management (IAM) API",
        ["storage.googleapis.com"] = "Cloud Storage API",
        ["bigquery.googleapis.com"] = "BigQuery API",
    };

    /// <summary><paramref name="handler"/>, or the refusal when <paramref name="api"/> is disabled.</summary>
    public static RequestDelegate Guard(string api, CloudPolicy policy, RequestDelegate handler) =>
        policy.DisabledApis.Contains(api) ? context => RefuseAsync(context, api, policy.Provider.ProjectNumber) : handler;

    private static Task RefuseAsync(HttpContext context, string api, string project)
    {
        var page = $"https://console.developers.google.com/apis/api/{api}/overview?project={project}";
        var message = $"{Titles[api]} has not been used in project {project} before or it is disabled. Enable it by visiting {page} then retry. If you enabled this API recently, wait a few minutes for the action to propagate to our systems and retry.";
        var error = new JsonObject
        {
            ["code"] = 403,
            ["message"] = message,
            ["errors"] = new JsonArray(new JsonObject { ["message"] = message, ["domain"] = "usageLimits", ["reason"] = "accessNotConfigured", ["extendedHelp"] = "https://console.developers.google.com" }),
            ["status"] = "PERMISSION_DENIED",
            ["details"] = new JsonArray(new JsonObject
            {
                ["@type"] = "type.googleapis.com/google.rpc.ErrorInfo",
                ["reason"] = "SERVICE_DISABLED",
                ["domain"] = "googleapis.com",
                ["metadata"] = new JsonObject { ["service"] = api, ["consumer"] = $"projects/{project}" },
            }),
        };
        context.Response.StatusCode = 403;
        context.Response.ContentType = "application/json; charset=UTF-8";
        return context.Response.WriteAsync(new JsonObject { ["error"] = error }.ToJsonString(), context.RequestAborted);
    }
}
