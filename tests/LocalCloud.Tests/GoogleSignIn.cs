using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Etl.LocalCloud.Tests;

/// <summary>The steps of signing in to the local Google Cloud with AWS credentials, done by hand so that each can be done wrongly.</summary>
public sealed class GoogleSignIn(LocalCloudServer server)
{
    private static readonly HttpClient Http = new();
    private readonly JsonNode config = JsonNode.Parse(File.ReadAllText(server.CredentialsFile))!;

    /// <summary>An access token of the service account.</summary>
    public async Task<string> TokenAsync()
    {
        var federated = await ExchangeAsync(server.Environment);
        var token = await ImpersonateAsync(federated["access_token"]!.GetValue<string>(), """{"scope":["https://www.googleapis.com/auth/cloud-platform"]}""");
        return token.Body["accessToken"]!.GetValue<string>();
    }

    /// <summary>The answer of Google's STS, a token or an error.</summary>
    public async Task<JsonNode> ExchangeAsync(
        IReadOnlyDictionary<string, string> aws, string? audience = null, string? target = null, string method = "POST", string? query = null, string path = "/", string service = "sts", string? scopeDate = null, string? subjectToken = null, string? region = null)
    {
        var (url, headers) = Sign(aws, target, method, query, path, service, scopeDate, region);
        subjectToken ??= Uri.EscapeDataString(new JsonObject
        {
            ["url"] = url.AbsoluteUri,
            ["method"] = method,
            ["headers"] = new JsonArray([.. headers.Select(h => new JsonObject { ["key"] = h.Key, ["value"] = h.Value })]),
        }.ToJsonString());
        using var response = await Http.PostAsJsonAsync(config["token_url"]!.GetValue<string>(), new JsonObject
        {
            ["grantType"] = "urn:ietf:params:oauth:grant-type:token-exchange",
            ["audience"] = audience ?? config["audience"]!.GetValue<string>(),
            ["scope"] = "https://www.googleapis.com/auth/cloud-platform",
            ["requestedTokenType"] = "urn:ietf:params:oauth:token-type:access_token",
            ["subjectTokenType"] = "urn:ietf:params:aws:token-type:aws4_request",
            ["subjectToken"] = subjectToken,
        });
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
    }

    /// <summary>The answer of generateAccessToken.</summary>
    public async Task<(HttpStatusCode Status, JsonNode Body)> ImpersonateAsync(string token, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, config["service_account_impersonation_url"]!.GetValue<string>())
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
            Headers = { { "Authorization", "Bearer " + token } },
        };
        using var response = await Http.SendAsync(request);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }

    /// <summary>A signed request to AWS's STS. Signed here step by step, as the specification says, apart from the verifier.</summary>
    public (Uri Url, IReadOnlyDictionary<string, string> Headers) Sign(
        IReadOnlyDictionary<string, string> aws, string? target = null, string method = "POST", string? query = null, string path = "/", string service = "sts", string? scopeDate = null, string? region = null, Uri? endpoint = null)
    {
        var verification = endpoint ?? new Uri(config["credential_source"]!["regional_cred_verification_url"]!.GetValue<string>().Replace("{region}", region ?? aws["AWS_REGION"], StringComparison.Ordinal));
        query ??= "Action=GetCallerIdentity&Version=2011-06-15";
        var url = new Uri(verification, $"{path}?{query}");
        var date = TimeProvider.System.GetUtcNow().ToString("yyyyMMdd'T'HHmmss'Z'");
        var headers = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["host"] = url.Authority,
            ["x-amz-date"] = date,
            ["x-amz-security-token"] = aws["AWS_SESSION_TOKEN"],
            ["x-goog-cloud-target-resource"] = target ?? config["audience"]!.GetValue<string>(),
        };
        var names = string.Join(';', headers.Keys);
        var canonical = $"{method}\n{path}\n{query}\n{string.Concat(headers.Select(h => $"{h.Key}:{h.Value}\n"))}\n{names}\n{Hash("")}";
        var scope = $"{scopeDate ?? date[..8]}/{aws["AWS_REGION"]}/{service}/aws4_request";
        byte[] key = Encoding.UTF8.GetBytes("AWS4" + aws["AWS_SECRET_ACCESS_KEY"]);
        foreach (var part in scope.Split('/')) key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"AWS4-HMAC-SHA256\n{date}\n{scope}\n{Hash(canonical)}")));
        headers["Authorization"] = $"AWS4-HMAC-SHA256 Credential={aws["AWS_ACCESS_KEY_ID"]}/{scope}, SignedHeaders={names}, Signature={signature}";
        return (url, headers);
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
