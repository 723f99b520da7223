using System.Xml;
using System.Xml.Linq;
using Etl.LocalCloud.Identity;
using Microsoft.AspNetCore.Http;

namespace Etl.LocalCloud.S3;

/// <summary>PutObject, CopyObject, DeleteObject and DeleteObjects.</summary>
internal sealed class S3Writes(S3Store store)
{
    private static readonly XmlReaderSettings Reading = new() { CheckCharacters = false, DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };

    public async Task PutAsync(S3Request request)
    {
        // Refused now rather than after all bytes are sent; what counts is the check as the object is put.
        CheckConditions(request, store.Find(request.Bucket, request.Key));
        var file = store.NewFile();
        try
        {
            var md5 = await S3Bodies.SaveAsync(request, file).ConfigureAwait(false);
            request.Context.Response.Headers.ETag =
                store.Put(request.Bucket, request.Key, file, $"\"{Convert.ToHexStringLower(md5)}\"", Kept(request), there => CheckConditions(request, there)).ETag;
        }
        finally
        {
            File.Delete(file);
        }
    }

    public async Task CopyAsync(S3Request request)
    {
        var source = Uri.UnescapeDataString(request.Header("x-amz-copy-source")!.Split('?')[0]).TrimStart('/').Split('/', 2);
        var found = (source.Length == 2 ? store.Find(source[0], source[1]) : null) ?? throw new AwsRefusedException("NoSuchKey", "The specified key does not exist.", 404);
        var file = store.NewFile();
        try
        {
            File.Copy(found.Path, file);
            var kept = request.Header("x-amz-metadata-directive") == "REPLACE" ? Kept(request) : found.Headers;
            var copy = store.Put(request.Bucket, request.Key, file, found.ETag, kept, there => CheckConditions(request, there));
            await S3Xml.WriteAsync(request.Context, S3Xml.Element("CopyObjectResult", S3Xml.Element("ETag", copy.ETag), S3Xml.Element("LastModified", S3Xml.Time(copy.Modified)))).ConfigureAwait(false);
        }
        finally
        {
            File.Delete(file);
        }
    }

    public Task DeleteAsync(S3Request request)
    {
        store.Delete(request.Bucket, request.Key, there => CheckDelete(request, there));
        request.Context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    public async Task DeleteManyAsync(S3Request request)
    {
        var body = await ReadXmlAsync(request).ConfigureAwait(false);
        var keys = body.Descendants().Where(e => e.Name.LocalName == "Key").Select(e => e.Value).ToList();
        foreach (var key in keys) store.Delete(request.Bucket, key, _ => { });
        await S3Xml.WriteAsync(request.Context, S3Xml.Element("DeleteResult", keys.Select(k => S3Xml.Element("Deleted", S3Xml.Element("Key", k))))).ConfigureAwait(false);
    }

    /// <summary>The headers that come back with the object.</summary>
    public static Dictionary<string, string> Kept(S3Request request)
    {
        var kept = request.Signed.Headers.Where(h => h.Key.StartsWith("x-amz-meta-", StringComparison.Ordinal)).ToDictionary(h => h.Key, h => h.Value);
        if (request.Header("content-type") is { } type) kept["Content-Type"] = type;
        if (request.Header("content-encoding") is { } encoding && encoding.Replace("aws-chunked", "", StringComparison.Ordinal).Trim(' ', ',') is { Length: > 0 } rest) kept["Content-Encoding"] = rest;
        return kept;
    }

    /// <summary>A small XML body.</summary>
    public static async Task<XElement> ReadXmlAsync(S3Request request, bool checksums = true)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.Delete(path);
            await S3Bodies.SaveAsync(request, path, checksums).ConfigureAwait(false);
            using var reader = XmlReader.Create(path, Reading);
            return XElement.Load(reader, LoadOptions.PreserveWhitespace);
        }
        catch (XmlException)
        {
            throw S3Xml.Malformed();
        }
        finally
        {
            File.Delete(path);
        }
    }

    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-deletes.html
    private static void CheckDelete(S3Request request, S3Object? found)
    {
        if (request.Header("if-match") is not { } match) return;
        if (found is null) throw new AwsRefusedException("NoSuchKey", "The specified key does not exist.", 404);
        if (match != "*" && match.Trim('"') != found.ETag.Trim('"')) throw new AwsRefusedException("PreconditionFailed", "At least one of the pre-conditions you specified did not hold", 412);
    }

    /// <summary>Whether a write may go over what is there (https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html).</summary>
    public static void CheckConditions(S3Request request, S3Object? found)
    {
        if ((request.Header("if-none-match") == "*" && found is not null) || (request.Header("if-match") is { } match && match.Trim('"') != found?.ETag.Trim('"')))
            throw new AwsRefusedException("PreconditionFailed", "At least one of the pre-conditions you specified did not hold", 412);
    }
}
