using System.Globalization;
using Etl.LocalCloud.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Etl.LocalCloud.S3;

/// <summary>GetObject and HeadObject, with ranges and conditions (https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html).</summary>
internal sealed class S3Reads(S3Store store)
{
    public async Task GetAsync(S3Request request)
    {
        var found = store.Find(request.Bucket, request.Key) ?? throw new AwsRefusedException("NoSuchKey", "The specified key does not exist.", 404);
        var response = request.Context.Response;
        response.Headers.ETag = found.ETag;
        response.Headers.LastModified = found.Modified.UtcDateTime.ToString("R", CultureInfo.InvariantCulture);
        response.Headers.AcceptRanges = "bytes";
        foreach (var (name, value) in found.Headers) response.Headers[name] = value;
        if (!found.Headers.ContainsKey("Content-Type")) response.ContentType = "binary/octet-stream";
        if (!CheckConditions(request, found))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        var (offset, length) = Range(request, found);
        response.ContentLength = length;
        if (HttpMethods.IsGet(request.Context.Request.Method)) await response.SendFileAsync(found.Path, offset, length, request.Cancel).ConfigureAwait(false);
    }

    /// <summary>Sets the range's headers.</summary>
    private static (long Offset, long Length) Range(S3Request request, S3Object found)
    {
        if (!RangeHeaderValue.TryParse(request.Header("range"), out var range) || range.Unit != "bytes" || range.Ranges.Count != 1) return (0, found.Length);
        var only = range.Ranges.First();
        var from = only.From ?? Math.Max(0, found.Length - only.To!.Value);
        var to = only.From is null ? found.Length - 1 : Math.Min(only.To ?? long.MaxValue, found.Length - 1);
        if (from >= found.Length || from > to)
        {
            request.Context.Response.Headers.ContentRange = $"bytes */{found.Length}";
            throw new AwsRefusedException("InvalidRange", "The requested range is not satisfiable", 416);
        }

        request.Context.Response.StatusCode = StatusCodes.Status206PartialContent;
        request.Context.Response.Headers.ContentRange = $"bytes {from}-{to}/{found.Length}";
        return (from, to - from + 1);
    }

    /// <summary>False when the client's copy is still good.</summary>
    private static bool CheckConditions(S3Request request, S3Object found)
    {
        bool Matches(string? list) => list is not null && list.Split(',').Select(t => t.Trim()).Any(t => t == "*" || t.Trim('"') == found.ETag.Trim('"'));
        DateTimeOffset? Date(string? text) => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? date : null;

        if (request.Header("if-match") is { } match ? !Matches(match) : Date(request.Header("if-unmodified-since")) < found.Modified)
            throw new AwsRefusedException("PreconditionFailed", "At least one of the pre-conditions you specified did not hold", 412);
        return request.Header("if-none-match") is { } none ? !Matches(none) : !(Date(request.Header("if-modified-since")) >= found.Modified);
    }
}
