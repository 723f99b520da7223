using System.Text.Json.Nodes;
using Etl.LocalCloud.Identity;
using Etl.LocalCloud.S3;
using Microsoft.AspNetCore.Http;

namespace Etl.LocalCloud.Faults.Effects;

/// <summary>Errors in the shape of the service that seems to answer them.</summary>
internal static class Refusals
{
    public static Task WriteAsync(StruckRequest request, int status, string reason, string message = "The fault plan says so.")
    {
        switch (request.Service)
        {
            case "s3" or "aws-sts":
                return S3Xml.WriteErrorAsync(request.Context, new AwsRefusedException(reason, message, status));
            case "google-sts":
                request.Context.Response.StatusCode = status;
                request.Context.Response.ContentType = "application/json";
                return request.Context.Response.WriteAsync(new JsonObject { ["error"] = reason, ["error_description"] = message }.ToJsonString(), request.Context.RequestAborted);
            default:
                return GoogleErrors.WriteAsync(request.Context, status, reason, message);
        }
    }
}
