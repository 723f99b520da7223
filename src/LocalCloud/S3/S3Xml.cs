using System.Globalization;
using System.Text;
using System.Xml;
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

    // A key may hold characters that XML 1.0 has not; S3 writes them as references all the same, and a client asks for encoding-type=url to be spared them.
    private static readonly XmlWriterSettings Writing = new() { OmitXmlDeclaration = true, CheckCharacters = false, NewLineHandling = NewLineHandling.Entitize };

    /// <summary>Answers with XML.</summary>
    public static Task WriteAsync(HttpContext context, XElement answer, int status = StatusCodes.Status200OK)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/xml";
        var text = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        using (var writer = XmlWriter.Create(text, Writing)) answer.WriteTo(writer);
        return context.Response.WriteAsync(text.ToString(), context.RequestAborted);
    }

    /// <summary>A body that is not the XML it should be.</summary>
    public static AwsRefusedException Malformed() => new("MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema", 400);

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
