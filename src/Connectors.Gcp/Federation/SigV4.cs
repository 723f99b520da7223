using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Etl.Connectors.Gcp.Federation;

/// <summary>AWS Signature Version 4 for a request without a body (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html). The SDK's own signer takes only the SDK's internal requests.</summary>
internal static class SigV4
{
    /// <summary>The <c>Authorization</c> header of the request. <paramref name="headers"/> are all signed: names in lower case, in ordinal order, with <c>host</c> and <c>x-amz-date</c> among them.</summary>
    public static string Authorization(
        string method, Uri uri, SortedDictionary<string, string> headers, string region, string service, DateTimeOffset at, string accessKey, string secretKey)
    {
        var signed = string.Join(';', headers.Keys);
        var request = new StringBuilder()
            .Append(method).Append('\n')
            .Append(uri.AbsolutePath).Append('\n')
            .Append(CanonicalQuery(uri)).Append('\n');
        foreach (var (name, value) in headers) request.Append(name).Append(':').Append(value.Trim()).Append('\n');
        request.Append('\n').Append(signed).Append('\n').Append(Hash(""));

        var day = at.UtcDateTime.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        var scope = $"{day}/{region}/{service}/aws4_request";
        var toSign = $"AWS4-HMAC-SHA256\n{Timestamp(at)}\n{scope}\n{Hash(request.ToString())}";

        var key = Encoding.UTF8.GetBytes("AWS4" + secretKey);
        foreach (var part in (ReadOnlySpan<string>)[day, region, service, "aws4_request"]) key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(toSign)));
        return $"AWS4-HMAC-SHA256 Credential={accessKey}/{scope}, SignedHeaders={signed}, Signature={signature}";
    }

    /// <summary>The moment as <c>x-amz-date</c> writes it.</summary>
    public static string Timestamp(DateTimeOffset at) => at.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    private static string CanonicalQuery(Uri uri)
    {
        var pairs = uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(p => p.Split('=', 2))
            .Select(p => (Name: Encode(p[0]), Value: p.Length > 1 ? Encode(p[1]) : ""))
            .OrderBy(p => p.Name, StringComparer.Ordinal).ThenBy(p => p.Value, StringComparer.Ordinal);
        return string.Join('&', pairs.Select(p => $"{p.Name}={p.Value}"));

        static string Encode(string text) => Uri.EscapeDataString(Uri.UnescapeDataString(text));
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
