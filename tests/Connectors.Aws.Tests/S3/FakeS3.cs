using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Etl.Connectors.Aws.Tests.S3;

/// <summary>Just enough of S3 on a real socket: one bucket, ListObjectsV2 with pages, GetObject with Range and If-Match.</summary>
public sealed class FakeS3 : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly SortedDictionary<string, byte[]> objects = new(StringComparer.Ordinal);

    private FakeS3(WebApplication app) => this.app = app;

    public Uri Endpoint => new(app.Urls.First());

    public List<string> Requests { get; } = [];

    /// <summary>When set, every request is refused with this status and code.</summary>
    public (int Status, string Code)? Refusal { get; set; }

    /// <summary>Whether content arrives with a bit turned over.</summary>
    public bool Corrupt { get; set; }

    /// <summary>Whether listings are no XML.</summary>
    public bool Garbled { get; set; }

    public static async Task<FakeS3> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var fake = new FakeS3(builder.Build());
        fake.app.Run(fake.AnswerAsync);
        await fake.app.StartAsync();
        return fake;
    }

    public void Put(string key, string text) => objects[key] = Encoding.UTF8.GetBytes(text);

    public ValueTask DisposeAsync() => app.DisposeAsync();

    // MD5, as S3 has it: the SDK checks a whole object against it.
#pragma warning disable CA5351
    private static string ETag(byte[] bytes) => $"\"{Convert.ToHexStringLower(MD5.HashData(bytes))}\"";
#pragma warning restore CA5351

    private async Task AnswerAsync(HttpContext http)
    {
        lock (Requests) Requests.Add($"{http.Request.Method} {http.Request.Path}{http.Request.QueryString} range={http.Request.Headers.Range} if-match={http.Request.Headers.IfMatch}");
        if (Refusal is { } refusal)
        {
            await ErrorAsync(http, refusal.Status, refusal.Code);
            return;
        }
        var path = http.Request.Path.Value!.TrimStart('/').Split('/', 2);
        if (path[0] != "data") await ErrorAsync(http, 404, "NoSuchBucket");
        else if (Garbled) await http.Response.WriteAsync("<ListBucketResult><Contents></Contentr></ListBucketResult>");
        else if (path.Length == 1 || path[1].Length == 0) await ListAsync(http);
        else await GetAsync(http, path[1]);
    }

    private async Task ListAsync(HttpContext http)
    {
        var query = http.Request.Query;
        var prefix = query["prefix"].ToString();
        var after = query["continuation-token"].ToString();
        var size = query.TryGetValue("max-keys", out var text) ? int.Parse(text!, CultureInfo.InvariantCulture) : 1000;
        var rest = objects.Where(o => o.Key.StartsWith(prefix, StringComparison.Ordinal) && string.CompareOrdinal(o.Key, after) > 0).ToList();
        var page = rest.Take(size).ToList();
        var xml = new StringBuilder("<?xml version=\"1.0\"?><ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Name>data</Name>");
        xml.Append(CultureInfo.InvariantCulture, $"<IsTruncated>{(rest.Count > page.Count ? "true" : "false")}</IsTruncated>");
        if (rest.Count > page.Count) xml.Append(CultureInfo.InvariantCulture, $"<NextContinuationToken>{page[^1].Key}</NextContinuationToken>");
        foreach (var (key, bytes) in page)
            xml.Append(CultureInfo.InvariantCulture, $"<Contents><Key>{key}</Key><LastModified>2026-01-02T03:04:05.000Z</LastModified><ETag>{ETag(bytes).Replace("\"", "&quot;", StringComparison.Ordinal)}</ETag><Size>{bytes.Length}</Size></Contents>");
        http.Response.ContentType = "application/xml";
        await http.Response.WriteAsync(xml.Append("</ListBucketResult>").ToString());
    }

    private async Task GetAsync(HttpContext http, string key)
    {
        if (!objects.TryGetValue(key, out var bytes))
        {
            await ErrorAsync(http, 404, "NoSuchKey");
            return;
        }
        if (http.Request.Headers.IfMatch.ToString() is { Length: > 0 } match && match != ETag(bytes))
        {
            await ErrorAsync(http, 412, "PreconditionFailed");
            return;
        }
        var (from, to) = (0, bytes.Length - 1);
        if (http.Request.Headers.Range.ToString() is { Length: > 0 } range)
        {
            var ends = range["bytes=".Length..].Split('-');
            from = int.Parse(ends[0], CultureInfo.InvariantCulture);
            if (ends[1].Length > 0) to = Math.Min(to, int.Parse(ends[1], CultureInfo.InvariantCulture));
            http.Response.StatusCode = 206;
            http.Response.Headers.ContentRange = $"bytes {from}-{to}/{bytes.Length}";
        }
        http.Response.Headers.ETag = ETag(bytes);
        http.Response.ContentLength = to - from + 1;
        var sent = bytes[from..(to + 1)];
        if (Corrupt) sent[0] ^= 1;
        await http.Response.Body.WriteAsync(sent);
    }

    private static Task ErrorAsync(HttpContext http, int status, string code)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/xml";
        return http.Response.WriteAsync($"<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>The fake says {code}.</Message></Error>");
    }
}
