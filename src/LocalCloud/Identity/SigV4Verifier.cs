using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Etl.LocalCloud.Identity;

/// <summary>Verifies AWS Signature Version 4, in the Authorization header or in the query (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-signing-elements.html).</summary>
public sealed partial class SigV4Verifier(AwsKeys keys, TimeProvider time)
{
    private const string Algorithm = "AWS4-HMAC-SHA256";
    private const int LongestPresigned = 604_800;
    private static readonly TimeSpan MaxSkew = TimeSpan.FromMinutes(15);

    [GeneratedRegex(@"^AWS4-HMAC-SHA256\s+Credential=(?<credential>[^,\s]+)\s*,\s*SignedHeaders=(?<headers>[^,\s]+)\s*,\s*Signature=(?<signature>[0-9a-f]{64})$")]
    private static partial Regex Authorization { get; }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces { get; }

    /// <summary>Who signed the request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="payloadHash">What stands for the body in the signature: its SHA-256 in hex, or one of the words that S3 allows.</param>
    /// <param name="service">The service that the signature must be scoped to, <c>s3</c> or <c>sts</c>: a request signed for one is no good at another.</param>
    /// <exception cref="AwsRefusedException">It is not signed, or not rightly.</exception>
    public SignedBy Verify(SignedRequest request, string payloadHash, string service)
    {
        var presigned = request.Parameter("X-Amz-Algorithm") is not null;
        var parts = presigned ? FromQuery(request) : FromHeader(request);
        var scope = parts.Credential.Split('/');
        if (scope.Length != 5 || scope[^1] != "aws4_request") throw new AwsRefusedException("AuthorizationHeaderMalformed", "The authorization header is malformed; the Credential is mal-formed.", 400);
        var key = keys.Find(scope[0]) ?? throw new AwsRefusedException("InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.");
        var token = presigned ? request.Parameter("X-Amz-Security-Token") : request.Headers.GetValueOrDefault("x-amz-security-token");
        if (token != key.SessionToken) throw new AwsRefusedException("InvalidToken", "The provided token is malformed or otherwise invalid.", 400);
        CheckTime(parts, key, presigned, request, service);
        CheckScope(parts, scope, service, presigned);

        var headers = parts.SignedHeaders.Split(';');
        if (!headers.Contains("host")) throw new AwsRefusedException("SignatureDoesNotMatch", "The host header must be signed.");
        var canonical = string.Join('\n',
            request.Method, CanonicalPath(request.Path), CanonicalQuery(request.Query),
            string.Concat(headers.Select(h => $"{h}:{Spaces.Replace(request.Headers.GetValueOrDefault(h) ?? "", " ").Trim()}\n")), parts.SignedHeaders, payloadHash);
        var signingScope = string.Join('/', scope[1..]);
        var signingKey = SigningKey(key.SecretAccessKey, scope[1], scope[2], scope[3]);
        var expected = Hmac(signingKey, $"{Algorithm}\n{parts.Date}\n{signingScope}\n{Hash(canonical)}");
        if (!CryptographicOperations.FixedTimeEquals(expected, Convert.FromHexString(parts.Signature)))
            throw new AwsRefusedException("SignatureDoesNotMatch", "The request signature we calculated does not match the signature you provided. Check your key and signing method.");
        return new SignedBy(key, headers, signingKey, parts.Date, signingScope, parts.Signature);
    }

    /// <summary>SHA-256 of text, in lower-case hex.</summary>
    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>HMAC-SHA256 of text.</summary>
    public static byte[] Hmac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    private static Parts FromHeader(SignedRequest request)
    {
        if (!request.Headers.TryGetValue("authorization", out var header)) throw new AwsRefusedException("AccessDenied", "Access Denied");
        if (Authorization.Match(header) is not { Success: true } match) throw new AwsRefusedException("AuthorizationHeaderMalformed", "The authorization header that you provided is not valid.", 400);
        return new Parts(match.Groups["credential"].Value, match.Groups["headers"].Value, match.Groups["signature"].Value, request.Headers.GetValueOrDefault("x-amz-date") ?? "");
    }

    private static Parts FromQuery(SignedRequest request) => new(
        request.Parameter("X-Amz-Credential") ?? "", request.Parameter("X-Amz-SignedHeaders") ?? "",
        request.Parameter("X-Amz-Signature") is { Length: 64 } signature ? signature : throw new AwsRefusedException("AuthorizationQueryParametersError", "Query-string authentication version 4 requires the X-Amz-Signature parameter.", 400),
        request.Parameter("X-Amz-Date") ?? "");

    private void CheckTime(Parts parts, AwsKey key, bool presigned, SignedRequest request, string service)
    {
        var now = time.GetUtcNow();
        if (!DateTimeOffset.TryParseExact(parts.Date, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var signed))
            throw new AwsRefusedException("AccessDenied", "AWS authentication requires a valid Date or x-amz-date header");
        if (presigned)
        {
            if (!int.TryParse(request.Parameter("X-Amz-Expires"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds > LongestPresigned)
                throw new AwsRefusedException("AuthorizationQueryParametersError", "X-Amz-Expires must be a number of seconds, less than a week (in seconds) that is 604800", 400);
            if (signed - now > MaxSkew) throw new AwsRefusedException("AccessDenied", "Request is not valid yet");
            if (now > signed.AddSeconds(seconds)) throw new AwsRefusedException("AccessDenied", "Request has expired");
        }
        else if ((now - signed).Duration() > MaxSkew)
        {
            if (service == "sts")
                throw new AwsRefusedException("SignatureDoesNotMatch", now > signed
                    ? $"Signature expired: {parts.Date} is now earlier than {Stamp(now - MaxSkew)} ({Stamp(now)} - 15 min.)"
                    : $"Signature not yet current: {parts.Date} is still later than {Stamp(now + MaxSkew)} ({Stamp(now)} + 15 min.)");
            throw new AwsRefusedException("RequestTimeTooSkewed", "The difference between the request time and the current time is too large.");
        }

        if (now >= key.Expires) throw new AwsRefusedException("ExpiredToken", "The provided token has expired.", 400);
    }

    private static string Stamp(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    // S3 and the other services differ in the error's name.
    private static void CheckScope(Parts parts, string[] scope, string service, bool presigned)
    {
        var problem = scope[1] != parts.Date[..8] ? $"Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '{scope[1]}' != '{parts.Date[..8]}'."
            : scope[3] != service ? $"Credential should be scoped to correct service: '{service}'." : null;
        if (problem is null) return;
        if (service != "s3") throw new AwsRefusedException("SignatureDoesNotMatch", problem);
        throw new AwsRefusedException(presigned ? "AuthorizationQueryParametersError" : "AuthorizationHeaderMalformed", "The authorization is malformed; " + problem, 400);
    }

    // Clients differ in what they leave unencoded on the wire; what is signed is always the strict form.
    private static string CanonicalPath(string path) =>
        path.Length == 0 ? "/" : string.Join('/', path.Split('/').Select(segment => Uri.EscapeDataString(Uri.UnescapeDataString(segment))));

    private static string CanonicalQuery(IEnumerable<KeyValuePair<string, string>> query) =>
        string.Join('&', query.Where(q => q.Key != "X-Amz-Signature")
            .Select(q => (Name: Uri.EscapeDataString(q.Key), Value: Uri.EscapeDataString(q.Value)))
            .OrderBy(q => q.Name, StringComparer.Ordinal).ThenBy(q => q.Value, StringComparer.Ordinal).Select(q => $"{q.Name}={q.Value}"));

    private static byte[] SigningKey(string secret, string date, string region, string service) =>
        Hmac(Hmac(Hmac(Hmac(Encoding.UTF8.GetBytes("AWS4" + secret), date), region), service), "aws4_request");

    private sealed record Parts(string Credential, string SignedHeaders, string Signature, string Date);
}

/// <summary>A verified signature; what follows in a chunked body is signed with the same key.</summary>
public sealed record SignedBy(AwsKey Key, IReadOnlyList<string> SignedHeaders, byte[] SigningKey, string Date, string Scope, string Signature);
