using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Etl.LocalCloud.AwsSts;
using Etl.LocalCloud.Homes;
using Etl.LocalCloud.Identity;
using Microsoft.AspNetCore.Http;

namespace Etl.LocalCloud.GoogleSts;

/// <summary>Google's Security Token Service: a signed AWS GetCallerIdentity request, or an OpenID Connect token, for a federated token (https://cloud.google.com/iam/docs/reference/sts/rest/v1/TopLevel/token).</summary>
internal sealed partial class GoogleStsService(SigV4Verifier verifier, TokenAuthority tokens, WorkloadPool pool, OidcIssuer issuer, TimeSpan lifetime)
{
    private const string GrantType = "urn:ietf:params:oauth:grant-type:token-exchange";
    private const string AwsRequest = "urn:ietf:params:aws:token-type:aws4_request";
    private const string AccessToken = "urn:ietf:params:oauth:token-type:access_token";
    private static readonly string?[] IdentityTokens = ["urn:ietf:params:oauth:token-type:jwt", "urn:ietf:params:oauth:token-type:id_token"];
    private const string EmptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            var parameters = await ReadAsync(context).ConfigureAwait(false);
            var (token, _) = tokens.Issue(Identify(parameters), lifetime);
            await WriteAsync(context, 200, new JsonObject
            {
                ["access_token"] = token,
                ["issued_token_type"] = AccessToken,
                ["token_type"] = "Bearer",
                ["expires_in"] = (int)Math.Max(1, lifetime.TotalSeconds),
            }).ConfigureAwait(false);
        }
        catch (TokenRefusedException refusal)
        {
            await WriteAsync(context, 400, new JsonObject { ["error"] = refusal.Code, ["error_description"] = refusal.Message }).ConfigureAwait(false);
        }
    }

    private GoogleIdentity Identify(IReadOnlyDictionary<string, string> parameters)
    {
        if (parameters.GetValueOrDefault("grantType") != GrantType) throw new TokenRefusedException("unsupported_grant_type", "Unsupported grant type.");
        var audience = parameters.GetValueOrDefault("audience") ?? "";
        if (!Audience().IsMatch(audience))
            throw new TokenRefusedException("invalid_request", "Invalid value for \"audience\". This value should be the full resource name of the Identity Provider. See https://cloud.google.com/iam/docs/reference/sts/rest/v1/TopLevel/token for the list of possible formats.");
        if (audience == pool.OidcAudience)
            return IdentityTokens.Contains(parameters.GetValueOrDefault("subjectTokenType")) && issuer.Verify(parameters.GetValueOrDefault("subjectToken") ?? "", "https:" + audience) is { } subject
                ? pool.Federate(subject)
                : throw new TokenRefusedException("invalid_grant", "The audience in ID Token does not match the expected audience, or the token is stale or not signed by the provider's issuer.");
        if (audience != pool.Audience || pool.Disabled)
            throw new TokenRefusedException("invalid_target", "The target service indicated by the \"audience\" parameters is invalid. This might either be because the pool or provider is disabled or deleted or because it doesn't exist.");
        if (parameters.GetValueOrDefault("subjectTokenType") != AwsRequest) throw new TokenRefusedException("invalid_request", "Invalid value for \"subject_token_type\" parameter.");

        return pool.Federate(Verify(parameters.GetValueOrDefault("subjectToken") ?? ""));
    }

    private AwsKey Verify(string subjectToken)
    {
        var (request, url) = SubjectToken(subjectToken);
        if (url.Scheme != "https" || AwsSts().Match(url.Authority) is not { Success: true } host)
            throw new TokenRefusedException("invalid_grant", $"Invalid AWS STS endpoint: {url.Authority}.");
        // Another request that the caller once signed must not pass for its identity.
        if (request.Method != "POST" || url.AbsolutePath != "/" || request.Query.Where(q => q.Key == "Action").Select(q => q.Value).ToList() is not ["GetCallerIdentity"])
            throw new TokenRefusedException("invalid_request", "The subject token must be a POST request for the AWS action GetCallerIdentity, named in the query.");
        if (request.Headers.GetValueOrDefault("x-goog-cloud-target-resource") != pool.Audience)
            throw new TokenRefusedException("invalid_grant", "The value of the x-goog-cloud-target-resource header must be the full resource name of the identity provider.");
        try
        {
            // Not every official client signs the target's header, so it need only be there.
            var signed = verifier.Verify(request, EmptyHash, "sts");
            // A region's endpoint takes signatures of its region; the global one is us-east-1's.
            var region = host.Groups[1] is { Success: true } named ? named.Value : "us-east-1";
            return signed.Scope.Split('/')[1] == region ? signed.Key : throw new AwsRefusedException("SignatureDoesNotMatch", "Credential should be scoped to a valid region.");
        }
        catch (AwsRefusedException s3)
        {
            var refusal = StsRefusals.Of(s3);
            throw new TokenRefusedException("invalid_grant", $"Received invalid AWS response of type {refusal.Code} with the following error message: {refusal.Message}");
        }
    }

    private static (SignedRequest Request, Uri Url) SubjectToken(string token)
    {
        try
        {
            var parsed = JsonNode.Parse(Uri.UnescapeDataString(token))!;
            var url = new Uri(parsed["url"]!.GetValue<string>());
            var headers = parsed["headers"]!.AsArray().ToDictionary(h => h!["key"]!.GetValue<string>().ToLowerInvariant(), h => h!["value"]!.GetValue<string>());
            headers.TryAdd("host", url.Authority);
            return (new SignedRequest(parsed["method"]!.GetValue<string>(), url.AbsolutePath, SignedRequest.ParseQuery(url.Query.TrimStart('?')), headers), url);
        }
        catch (Exception e) when (e is JsonException or NullReferenceException or InvalidOperationException or UriFormatException or ArgumentException)
        {
            throw new TokenRefusedException("invalid_request", "Unable to parse the subject token as a serialized AWS GetCallerIdentity request.");
        }
    }

    // Clients send a form with the RFC 8693 names, or JSON with Google's.
    private static async Task<IReadOnlyDictionary<string, string>> ReadAsync(HttpContext context)
    {
        if (context.Request.HasFormContentType)
        {
            var form = await context.Request.ReadFormAsync(context.RequestAborted).ConfigureAwait(false);
            return form.ToDictionary(f => JsonNamingPolicy.CamelCase.ConvertName(string.Concat(f.Key.Split('_').Select(Capitalised))), f => f.Value.ToString());
        }

        try
        {
            var json = await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted).ConfigureAwait(false);
            return json!.AsObject().Where(p => p.Value is JsonValue).ToDictionary(p => p.Key, p => p.Value!.ToString());
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or NullReferenceException)
        {
            throw new TokenRefusedException("invalid_request", "Invalid JSON payload received.");
        }
    }

    private static string Capitalised(string word) => word.Length == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..];

    private static Task WriteAsync(HttpContext context, int status, JsonObject answer)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=UTF-8";
        return context.Response.WriteAsync(answer.ToJsonString(), context.RequestAborted);
    }

    [GeneratedRegex("^//iam.googleapis.com/projects/[0-9]+/locations/global/workloadIdentityPools/[a-z0-9-]+/providers/[a-z0-9-]+$")]
    private static partial Regex Audience();

    // Google asks AWS itself, so the request names AWS; here it is only verified.
    [GeneratedRegex(@"^sts(?:\.([a-z0-9-]+))?\.amazonaws\.com$")]
    private static partial Regex AwsSts();
}
