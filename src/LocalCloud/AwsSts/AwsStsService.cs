using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Etl.LocalCloud.Identity;
using Microsoft.AspNetCore.Http;

namespace Etl.LocalCloud.AwsSts;

/// <summary>AWS Security Token Service: GetCallerIdentity (https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html).</summary>
internal sealed class AwsStsService(SigV4Verifier verifier)
{
    private const int MaxBody = 64 << 10;
    private static readonly XNamespace Xml = "https://sts.amazonaws.com/doc/2011-06-15/";

    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            var body = await ReadAsync(context).ConfigureAwait(false);
            var request = SignedRequest.Of(context);
            var signed = verifier.Verify(request, Convert.ToHexStringLower(SHA256.HashData(body)), "sts");
            var parameters = request.Query.Concat(SignedRequest.ParseQuery(Encoding.UTF8.GetString(body)));
            if (parameters.FirstOrDefault(p => p.Key == "Action").Value is not "GetCallerIdentity")
                throw new AwsRefusedException("InvalidAction", "Could not find operation for this request.", 400);
            await WriteAsync(context, 200, new XElement(Xml + "GetCallerIdentityResponse",
                new XElement(Xml + "GetCallerIdentityResult",
                    new XElement(Xml + "Arn", signed.Key.Arn), new XElement(Xml + "UserId", signed.Key.UserId), new XElement(Xml + "Account", AwsKey.Account)),
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
