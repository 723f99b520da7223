using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Google.Apis.Auth.OAuth2;
using Google.Apis.Auth.OAuth2.Responses;

namespace Etl.Connectors.Gcp.Federation;

/// <summary>A service account's token for another one (a federated identity's, a person's) (https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/generateAccessToken). Google's library can ask for it too, but only for an hour, and loses the words of a refusal.</summary>
/// <param name="source">Issues the token that acts as the service account.</param>
/// <param name="lifetime">How long the service account's token is to last.</param>
/// <param name="delegates">The service accounts in between.</param>
/// <param name="initializer">The address, and Google's library's own.</param>
internal sealed class ServiceAccountToken(Func<CancellationToken, Task<string>> source, TimeSpan lifetime, IReadOnlyList<string> delegates, ServiceCredential.Initializer initializer) : ServiceCredential(initializer)
{
    /// <inheritdoc/>
    public override async Task<bool> RequestAccessTokenAsync(CancellationToken taskCancellationToken)
    {
        var acting = await source(taskCancellationToken).ConfigureAwait(false);
        using var request = new HttpRequestMessage(HttpMethod.Post, TokenServerUrl)
        {
            Content = JsonContent.Create(new Question(Scopes, $"{(long)lifetime.TotalSeconds}s", delegates.Count > 0 ? delegates : null)),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", acting);
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

    private sealed record Question(
        [property: JsonPropertyName("scope")] IEnumerable<string> Scope,
        [property: JsonPropertyName("lifetime")] string Lifetime,
        [property: JsonPropertyName("delegates"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Delegates);

    private sealed record Answer([property: JsonPropertyName("accessToken")] string AccessToken, [property: JsonPropertyName("expireTime")] DateTimeOffset ExpireTime);
}
