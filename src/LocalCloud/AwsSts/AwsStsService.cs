using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Etl.LocalCloud.Homes;
using Etl.LocalCloud.Identity;
using Microsoft.AspNetCore.Http;

namespace Etl.LocalCloud.AwsSts;

/// <summary>AWS Security Token Service: GetCallerIdentity, AssumeRole and AssumeRoleWithWebIdentity (https://docs.aws.amazon.com/STS/latest/APIReference/API_Operations.html).</summary>
internal sealed class AwsStsService(SigV4Verifier verifier, AwsKeys keys, OidcIssuer webIdentities)
{
    /// <summary>What a web identity token must be for.</summary>
    public const string WebIdentityAudience = "sts.amazonaws.com";

    private const int MaxBody = 64 << 10;
    private const string RolePrefix = $"arn:aws:iam::{AwsKey.Account}:role/";
    private const int DefaultDuration = 3600;
    private static readonly XNamespace Xml = "https://sts.amazonaws.com/doc/2011-06-15/";

    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            var body = await ReadAsync(context).ConfigureAwait(false);
            var request = SignedRequest.Of(context);
            var parameters = request.Query.Concat(SignedRequest.ParseQuery(Encoding.UTF8.GetString(body))).ToLookup(p => p.Key, p => p.Value);
            var action = parameters["Action"].FirstOrDefault();
            // A web identity token is its own proof; every other call is signed.
            var caller = action == "AssumeRoleWithWebIdentity" ? null : verifier.Verify(request, Convert.ToHexStringLower(SHA256.HashData(body)), "sts").Key;
            var result = action switch
            {
                "GetCallerIdentity" => [new XElement(Xml + "Arn", caller!.Arn), new XElement(Xml + "UserId", caller.UserId), new XElement(Xml + "Account", AwsKey.Account)],
                "AssumeRole" => Assume(parameters),
                "AssumeRoleWithWebIdentity" => AssumeWithWebIdentity(parameters),
                _ => throw new AwsRefusedException("InvalidAction", "Could not find operation for this request.", 400),
            };
            await WriteAsync(context, 200, new XElement(Xml + $"{action}Response",
                new XElement(Xml + $"{action}Result", result),
                new XElement(Xml + "ResponseMetadata", new XElement(Xml + "RequestId", context.TraceIdentifier)))).ConfigureAwait(false);
        }
        catch (AwsRefusedException s3)
        {
            var refusal = StsRefusals.Of(s3);
            await WriteAsync(context, refusal.Status, new XElement(Xml + "ErrorResponse",
                new XElement(Xml + "Error", new XElement(Xml + "Type", "Sender"), new XElement(Xml + "Code", refusal.Code), new XElement(Xml + "Message", refusal.Message)),
                new XElement(Xml + "RequestId", context.TraceIdentifier))).ConfigureAwait(false);
        }
    }

    private XElement[] AssumeWithWebIdentity(ILookup<string, string> parameters) =>
        webIdentities.Verify(parameters["WebIdentityToken"].FirstOrDefault() ?? "", WebIdentityAudience) is not null
            ? Assume(parameters)
            : throw new AwsRefusedException("InvalidIdentityToken", "No OpenIDConnect provider found in your account for https://oidc.local.example, or the token is expired or for another audience.", 400);

    // Every role trusts the whole account.
    private XElement[] Assume(ILookup<string, string> parameters)
    {
        if (parameters["RoleArn"].FirstOrDefault() is not { } arn || !arn.StartsWith(RolePrefix, StringComparison.Ordinal))
            throw new AwsRefusedException("AccessDenied", "Not authorized to perform sts:AssumeRole", 403);
        var seconds = int.TryParse(parameters["DurationSeconds"].FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? asked : DefaultDuration;
        var key = keys.Assume(arn[RolePrefix.Length..], TimeSpan.FromSeconds(seconds), session: parameters["RoleSessionName"].FirstOrDefault() ?? "local-session");
        return
        [
            new XElement(Xml + "Credentials",
                new XElement(Xml + "AccessKeyId", key.AccessKeyId), new XElement(Xml + "SecretAccessKey", key.SecretAccessKey), new XElement(Xml + "SessionToken", key.SessionToken),
                new XElement(Xml + "Expiration", key.Expires.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture))),
            new XElement(Xml + "AssumedRoleUser", new XElement(Xml + "AssumedRoleId", key.UserId), new XElement(Xml + "Arn", key.Arn)),
        ];
    }

    private static async Task<byte[]> ReadAsync(HttpContext context)
    {
        var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted).ConfigureAwait(false);
        return body.Length <= MaxBody ? body.ToArray() : throw new AwsRefusedException("RequestEntityTooLarge", "The request is too large.", 413);
    }

    private static Task WriteAsync(HttpContext context, int status, XElement answer)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/xml";
        return context.Response.WriteAsync(answer.ToString(SaveOptions.DisableFormatting), context.RequestAborted);
    }
}
