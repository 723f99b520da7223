using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Google.Apis.Auth.OAuth2;
using Google.Apis.Auth.OAuth2.Responses;

namespace Etl.Connectors.Gcp.Federation;

/// <summary>A service account's token for a federated one (https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/generateAccessToken). Google's library can ask for it too, but only for an hour, and loses the words of a refusal.</summary>
internal sealed class ServiceAccountToken(ServiceCredential federated, TimeSpan lifetime, ServiceCredential.Initializer initializer) : ServiceCredential(initializer)
{
    /// <inheritdoc/>
    public override async Task<bool> RequestAccessTokenAsync(CancellationToken taskCancellationToken)
    {
        await federated.RequestAccessTokenAsync(taskCancellationToken).ConfigureAwait(false);
        using var request = new HttpRequestMessage(HttpMethod.Post, TokenServerUrl)
        {
            Content = JsonContent.Create(new { scope = Scopes, lifetime = $"{(long)lifetime.TotalSeconds}s" }),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", federated.Token.AccessToken);
        using var response = await HttpClient.SendAsync(request, taskCancellationToken).ConfigureAwait(false);
        var body = await response.Content.ReadAsStringAsync(taskCancellationToken).ConfigureAwait(false);
        if (!response.IsSuccessStatusCode)
            throw new TokenResponseException(new TokenErrorResponse { Error = ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture), ErrorDescription = Words(body) }, response.StatusCode);

        var issued = JsonSerializer.Deserialize<Answer>(body)!;
        var now = Clock.UtcNow;
        Token = new TokenResponse
        {
            AccessToken = issued.AccessToken,
            IssuedUtc = now,
            ExpiresInSeconds = (long)(issued.ExpireTime.UtcDateTime - now).TotalSeconds,
        };
        return true;
    }

    /// <summary>The message of an error as Google's services write it (https://google.aip.dev/193), or the whole body.</summary>
    private static string Words(string body)
    {
        try
        {
            return (string?)JsonNode.Parse(body)?["error"]?["message"] ?? body;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return body;
        }
    }

    private sealed record Answer([property: JsonPropertyName("accessToken")] string AccessToken, [property: JsonPropertyName("expireTime")] DateTimeOffset ExpireTime);
}
