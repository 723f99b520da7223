using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Etl.LocalCloud.Identity;

/// <summary>Errors in the shape that Google's JSON APIs use (https://cloud.google.com/apis/design/errors).</summary>
public static class GoogleErrors
{
    /// <summary>Answers with <c>{"error": {"code", "message", "errors": [{"message", "domain", "reason"}], "status"}}</c>.</summary>
    public static Task WriteAsync(HttpContext context, int code, string reason, string message, string? status = null)
    {
        var error = new JsonObject
        {
            ["code"] = code,
            ["message"] = message,
            ["errors"] = new JsonArray(new JsonObject { ["message"] = message, ["domain"] = "global", ["reason"] = reason }),
        };
        if (status is not null) error["status"] = status;
        context.Response.StatusCode = code;
        context.Response.ContentType = "application/json; charset=UTF-8";
        return context.Response.WriteAsync(new JsonObject { ["error"] = error }.ToJsonString(), context.RequestAborted);
    }
}
