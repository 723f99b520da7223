using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Etl.Connectors.Gcp.Doctor;

/// <summary>Calls to the token services, taken apart: what the libraries hide (status, words, the service's clock) is what a diagnosis needs.</summary>
internal sealed partial class ServiceCalls : IDisposable
{
    private const int Longest = 600;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = Patience };

    /// <summary>Sends a request.</summary>
    /// <exception cref="StepFailedException">Nobody answered.</exception>
    public async Task<ServiceAnswer> SendAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        try
        {
            using var response = await http.SendAsync(request, cancel).ConfigureAwait(false);
            if (response.StatusCode is >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest) throw Redirected(request.RequestUri!, response.StatusCode);
            return new ServiceAnswer(response.StatusCode, await response.Content.ReadAsStringAsync(cancel).ConfigureAwait(false), response.Headers.Date);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or TaskCanceledException && !cancel.IsCancellationRequested)
        {
            throw Unreachable(request.RequestUri!, e);
        }
    }

    private static StepFailedException Redirected(Uri address, HttpStatusCode status) => new(
        DiagnosisCause.EgressBlocked,
        $"{address.Authority} answered with a redirect (HTTP {(int)status}), which the service itself does not do. Nothing was sent on: a proxy or a sign-in page is in between.",
        said: null,
        $"Set HTTPS_PROXY, or let {address.Host} (port {address.Port}) pass.");

    /// <summary>Nobody answered at an address.</summary>
    public static StepFailedException Unreachable(Uri address, Exception error)
    {
        var why = error switch
        {
            HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => "its name cannot be resolved",
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => "no trusted TLS connection could be made: a proxy may be breaking it open",
            HttpRequestException { HttpRequestError: HttpRequestError.ProxyTunnelError } => "the proxy does not let the connection through",
            OperationCanceledException or TimeoutException => $"nothing answered within {Patience.TotalSeconds:0} seconds",
            _ => "the connection was refused or broke",
        };
        return new StepFailedException(
            DiagnosisCause.EgressBlocked,
            $"{address.Authority} cannot be reached from here: {why}.",
            said: null,
            $"Allow outgoing HTTPS to {address.Host} (port {address.Port}): the security group, network ACL, route to a NAT gateway, and DNS of this subnet.",
            "Behind a proxy set HTTPS_PROXY, and NO_PROXY for the metadata addresses 169.254.169.254 and 169.254.170.2.");
    }

    /// <summary>A service's words on one line, cut, with anything that looks like a token left out.</summary>
    public static string Quote(string text)
    {
        var line = Secret().Replace(Spaces().Replace(text, " "), "(left out)").Trim();
        return line.Length <= Longest ? line : line[..Longest] + " …";
    }

    public void Dispose() => http.Dispose();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex(@"[A-Za-z0-9+/=_.%-]{100,}")]
    private static partial Regex Secret();
}

/// <summary>What a service answered.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The body.</param>
/// <param name="Date">The service's clock, to the second.</param>
internal sealed record ServiceAnswer(HttpStatusCode Status, string Body, DateTimeOffset? Date)
{
    /// <summary>Whether it went well.</summary>
    public bool Ok => (int)Status is >= 200 and < 300;

    /// <summary>The body as JSON; an empty object when it is something else.</summary>
    public JsonObject Json()
    {
        try
        {
            return JsonNode.Parse(Body) as JsonObject ?? [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    /// <summary>The service's words: of Google's APIs (https://google.aip.dev/193), of OAuth (RFC 6749), or the whole body.</summary>
    public string Words
    {
        get
        {
            var json = Json();
            var words = json["error"] is JsonObject error ? TextOf(error, "message")
                : TextOf(json, "error") is { } code ? $"{code}: {TextOf(json, "error_description")}" : null;
            return ServiceCalls.Quote($"HTTP {(int)Status}, {words ?? Body}");
        }
    }

    /// <summary>The API that is not enabled, when that is the answer.</summary>
    public string? DisabledApi =>
        (Json()["error"] as JsonObject)?["details"] is JsonArray details
        && details.OfType<JsonObject>().FirstOrDefault(d => TextOf(d, "reason") == "SERVICE_DISABLED") is { } info
            ? TextOf(info["metadata"], "service") ?? "the API" : null;

    /// <summary>A field's text, or null when it is not there or is something else.</summary>
    public static string? TextOf(JsonNode? node, string field) => node is JsonObject json && json[field] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
