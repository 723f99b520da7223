using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace Etl.Connectors.Gcp.Doctor;

/// <summary>The provider, as its administrators set it.</summary>
/// <param name="Account">The AWS account it takes.</param>
/// <param name="Mapping">The attributes it maps.</param>
/// <param name="Condition">The condition it sets, or null.</param>
internal sealed record ProviderView(string? Account, IReadOnlyList<string> Mapping, string? Condition);

/// <summary>A binding on the service account.</summary>
internal sealed record BindingView(string Role, IReadOnlyList<string> Members);

/// <summary>Looks at the provider and the service account's bindings, where somebody may: the person whose token <c>CLOUDSDK_AUTH_ACCESS_TOKEN</c> holds (gcloud's own variable), or the federated identity itself.</summary>
internal sealed class IamViews(ServiceCalls calls, string universe)
{
    /// <summary>gcloud's variable for an access token.</summary>
    public const string TokenVariable = "CLOUDSDK_AUTH_ACCESS_TOKEN";

    // gcloud's variable for another address of the API; only loopback is taken, a token goes there.
    private readonly Uri api = Environment.GetEnvironmentVariable("CLOUDSDK_API_ENDPOINT_OVERRIDES_IAM") is { Length: > 0 } text && Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.IsLoopback
        ? uri : new Uri($"https://iam.{universe}/");

    /// <summary>The provider, or null when nobody here may look.</summary>
    public async Task<ProviderView?> ProviderAsync(ProviderNames names, string? federated, CancellationToken cancel)
    {
        if (await AskAsync(HttpMethod.Get, "v1/" + names.Name, federated, cancel).ConfigureAwait(false) is not { } found) return null;
        return new ProviderView(ServiceAnswer.TextOf(found["aws"], "accountId"), [.. (found["attributeMapping"] as JsonObject ?? []).Select(m => m.Key)], ServiceAnswer.TextOf(found, "attributeCondition"));
    }

    /// <summary>The service account's bindings, or null when nobody here may look.</summary>
    public async Task<IReadOnlyList<BindingView>?> BindingsAsync(string account, string? federated, CancellationToken cancel)
    {
        if (await AskAsync(HttpMethod.Post, $"v1/projects/-/serviceAccounts/{account}:getIamPolicy", federated, cancel).ConfigureAwait(false) is not { } found) return null;
        return [.. (found["bindings"] as JsonArray ?? []).OfType<JsonObject>().Select(b => new BindingView(ServiceAnswer.TextOf(b, "role") ?? "", [.. (b["members"] as JsonArray ?? []).OfType<JsonValue>().Select(m => m.ToString())]))];
    }

    private async Task<JsonObject?> AskAsync(HttpMethod method, string path, string? federated, CancellationToken cancel)
    {
        foreach (var token in new[] { Environment.GetEnvironmentVariable(TokenVariable), federated })
        {
            if (string.IsNullOrEmpty(token)) continue;
            using var request = new HttpRequestMessage(method, new Uri(api, path));
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            try
            {
                var answer = await calls.SendAsync(request, cancel).ConfigureAwait(false);
                if (answer.Ok) return answer.Json();
            }
            catch (StepFailedException)
            {
                // Looking is a help; the step's own answer is what counts.
            }
        }

        return null;
    }
}
