using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Etl.LocalCloud.Host;

/// <summary>JSON request bodies, which Google's clients may send gzipped.</summary>
internal static class JsonBody
{
    /// <summary>The body's object; an empty body is an empty object; null when it is no JSON object.</summary>
    public static async Task<JsonObject?> ReadAsync(HttpContext context)
    {
        var body = context.Request.Headers.ContentEncoding == "gzip" ? new GZipStream(context.Request.Body, CompressionMode.Decompress) : context.Request.Body;
        using var reader = new StreamReader(body);
        return Parse(await reader.ReadToEndAsync(context.RequestAborted).ConfigureAwait(false));
    }

    /// <summary>A JSON object; empty text is an empty object; null when it is something else.</summary>
    public static JsonObject? Parse(string text)
    {
        try
        {
            return text.Length == 0 ? [] : JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
