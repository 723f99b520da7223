using System.Globalization;
using System.Xml.Linq;
using Etl.LocalCloud.Identity;
using Microsoft.AspNetCore.Http;

namespace Etl.LocalCloud.S3;

/// <summary>S3's XML answers.</summary>
internal static class S3Xml
{
    /// <summary>The namespace of all but errors.</summary>
    public static XNamespace Namespace { get; } = "http://s3.amazonaws.com/doc/2006-03-01/";

    /// <summary>An element of S3's namespace.</summary>
    public static XElement Element(string name, params object?[] content) => new(Namespace + name, content);

    /// <summary>A time as S3 writes it in XML.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>Answers with XML.</summary>
    public static Task WriteAsync(HttpContext context, XElement answer, int status = StatusCodes.Status200OK)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/xml";
        return context.Response.WriteAsync("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + answer.ToString(SaveOptions.DisableFormatting), context.RequestAborted);
    }

    /// <summary>Answers with an error; a HEAD request gets only the status.</summary>
    public static Task WriteErrorAsync(HttpContext context, AwsRefusedException refusal)
    {
        context.Response.StatusCode = refusal.Status;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : WriteAsync(
            context,
            new XElement("Error", new XElement("Code", refusal.Code), new XElement("Message", refusal.Message), new XElement("Resource", context.Request.Path.Value), new XElement("RequestId", context.TraceIdentifier)),
            refusal.Status);
    }
}
