using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Etl.LocalCloud.Identity;
using Microsoft.AspNetCore.Http;

namespace Etl.LocalCloud.Homes;

/// <summary>EC2's instance metadata, version 2 only (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html).</summary>
internal sealed class InstanceMetadataService(Func<AwsKey> assume, string role, string region)
{
    private const string Credentials = "/latest/meta-data/iam/security-credentials/";
    private const int LongestSession = 21600;
    private readonly string token = "localimds" + RandomNumberGenerator.GetHexString(40, lowercase: true);

    public Task HandleAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "";
        if (path == "/latest/api/token") return SessionAsync(context);
        // Version 1 asks without a session token, and is off as on new instances.
        if (context.Request.Headers["X-aws-ec2-metadata-token"] != token) return TextAsync(context, "Unauthorized", StatusCodes.Status401Unauthorized);
        return path switch
        {
            "/latest/meta-data/iam/security-credentials" or Credentials => TextAsync(context, role),
            _ when path == Credentials + role => TextAsync(context, RoleCredentials.Json(assume()).ToJsonString()),
            "/latest/dynamic/instance-identity/document" => TextAsync(context, new JsonObject { ["accountId"] = AwsKey.Account, ["region"] = region, ["availabilityZone"] = region + "a", ["instanceId"] = "i-0123456789abcdef0" }.ToJsonString()),
            "/latest/meta-data/placement/availability-zone" => TextAsync(context, region + "a"),
            "/latest/meta-data/placement/region" => TextAsync(context, region),
            _ => TextAsync(context, "Not Found", StatusCodes.Status404NotFound),
        };
    }

    private Task SessionAsync(HttpContext context)
    {
        var valid = int.TryParse(context.Request.Headers["X-aws-ec2-metadata-token-ttl-seconds"], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= LongestSession;
        if (!HttpMethods.IsPut(context.Request.Method) || !valid) return TextAsync(context, "Bad Request", StatusCodes.Status400BadRequest);
        context.Response.Headers["X-aws-ec2-metadata-token-ttl-seconds"] = seconds.ToString(CultureInfo.InvariantCulture);
        return TextAsync(context, token);
    }

    private static Task TextAsync(HttpContext context, string text, int status = StatusCodes.Status200OK)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain";
        return context.Response.WriteAsync(text, context.RequestAborted);
    }
}
