using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Etl.LocalCloud.Tests.S3;

/// <summary>A PutObject whose checksum follows the body, made and signed by hand so that it can be wrong (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html).</summary>
public static class S3Trailer
{
    private static readonly HttpClient Http = new();

    public static async Task<(HttpStatusCode Status, string Body)> PutAsync(LocalCloudServer server, string path, string body, string payload, string? sum, bool rightlySigned)
    {
        var aws = server.Environment;
        var date = TimeProvider.System.GetUtcNow().ToString("yyyyMMdd'T'HHmmss'Z'");
        var headers = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["host"] = server.Endpoints.S3.Authority,
            ["x-amz-content-sha256"] = payload,
            ["x-amz-date"] = date,
            ["x-amz-decoded-content-length"] = $"{body.Length}",
            ["x-amz-security-token"] = aws["AWS_SESSION_TOKEN"],
            ["x-amz-trailer"] = "x-amz-checksum-crc32",
        };
        var names = string.Join(';', headers.Keys);
        var scope = $"{date[..8]}/{aws["AWS_REGION"]}/s3/aws4_request";
        byte[] key = Encoding.UTF8.GetBytes("AWS4" + aws["AWS_SECRET_ACCESS_KEY"]);
        foreach (var part in scope.Split('/')) key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        string Sign(string text) => Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)));

        var seed = Sign($"AWS4-HMAC-SHA256\n{date}\n{scope}\n{Hash($"PUT\n{path}\n\n{string.Concat(headers.Select(h => $"{h.Key}:{h.Value}\n"))}\n{names}\n{payload}")}");
        var signed = payload.StartsWith("STREAMING-AWS4", StringComparison.Ordinal);
        string Chunk(string previous, string text) => Sign($"AWS4-HMAC-SHA256-PAYLOAD\n{date}\n{scope}\n{previous}\n{Hash("")}\n{Hash(text)}");
        var first = Chunk(seed, body);
        var last = Chunk(first, "");
        var trailer = sum is null ? "" : $"x-amz-checksum-crc32:{sum}\n";
        var trailerSignature = rightlySigned ? Sign($"AWS4-HMAC-SHA256-TRAILER\n{date}\n{scope}\n{last}\n{Hash(trailer)}") : new string('0', 64);
        var wire = new StringBuilder();
        wire.Append($"{body.Length:x}{(signed ? ";chunk-signature=" + first : "")}\r\n{body}\r\n0{(signed ? ";chunk-signature=" + last : "")}\r\n");
        wire.Append(trailer.Replace("\n", "\r\n", StringComparison.Ordinal));
        if (signed) wire.Append($"x-amz-trailer-signature:{trailerSignature}\r\n");
        wire.Append("\r\n");

        using var request = new HttpRequestMessage(HttpMethod.Put, new Uri(server.Endpoints.S3, path)) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(wire.ToString())) };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        request.Headers.TryAddWithoutValidation("Authorization", $"AWS4-HMAC-SHA256 Credential={aws["AWS_ACCESS_KEY_ID"]}/{scope}, SignedHeaders={names}, Signature={seed}");
        using var response = await Http.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
