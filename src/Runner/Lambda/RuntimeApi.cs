using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Etl.Core.Errors;

namespace Etl.Runner.Lambda;

/// <summary>
/// Lambda's Runtime API: how a function's process asks for the next event and answers it (https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html).
/// All that would change if Amazon.Lambda.RuntimeSupport took its place is this class.
/// </summary>
internal sealed class RuntimeApi(string address) : IDisposable
{
    private const string ErrorType = "Lambda-Runtime-Function-Error-Type";

    // The next event may be hours away, and the process is frozen meanwhile: no time limit counts.
    private readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false, PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan, PooledConnectionLifetime = Timeout.InfiniteTimeSpan })
    {
        BaseAddress = new Uri($"http://{address}/2018-06-01/runtime/"),
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Waits for the next event.</summary>
    public async Task<Invocation> NextAsync(CancellationToken cancel)
    {
        using var answer = await SendAsync(HttpMethod.Get, "invocation/next", null, null, cancel);
        return new Invocation(
            Header(answer, "Lambda-Runtime-Aws-Request-Id") ?? throw Odd("an event without Lambda-Runtime-Aws-Request-Id"),
            long.TryParse(Header(answer, "Lambda-Runtime-Deadline-Ms"), CultureInfo.InvariantCulture, out var deadline) ? DateTimeOffset.FromUnixTimeMilliseconds(deadline) : throw Odd("an event without Lambda-Runtime-Deadline-Ms"),
            Header(answer, "Lambda-Runtime-Trace-Id"),
            await answer.Content.ReadAsByteArrayAsync(cancel));
    }

    /// <summary>The event was handled.</summary>
    public Task RespondAsync(Invocation invocation, JsonNode answer, CancellationToken cancel) =>
        PostAsync($"invocation/{invocation.RequestId}/response", answer, null, cancel);

    /// <summary>The event could not be handled.</summary>
    public Task FailAsync(Invocation invocation, Failure failure, CancellationToken cancel) =>
        PostAsync($"invocation/{invocation.RequestId}/error", failure.ToJson(), failure.Type, cancel);

    /// <summary>The process cannot take events at all. It has to end after that.</summary>
    public Task FailInitAsync(Failure failure, CancellationToken cancel) => PostAsync("init/error", failure.ToJson(), failure.Type, cancel);

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    private async Task PostAsync(string path, JsonNode content, string? errorType, CancellationToken cancel)
    {
        using var _ = await SendAsync(HttpMethod.Post, path, content, errorType, cancel);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, JsonNode? content, string? errorType, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, path);
        if (content is not null)
        {
            request.Content = new ByteArrayContent(System.Text.Encoding.UTF8.GetBytes(content.ToJsonString()));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        if (errorType is not null) request.Headers.Add(ErrorType, errorType);
        HttpResponseMessage? answer = null;
        try
        {
            answer = await http.SendAsync(request, cancel);
            return answer.IsSuccessStatusCode ? answer : throw Odd($"HTTP {(int)answer.StatusCode} to {method} {path}");
        }
        catch (HttpRequestException e)
        {
            throw new ServiceException($"Lambda's Runtime API at {address} does not answer: {e.Message}", transient: false, e);
        }
        catch
        {
            answer?.Dispose();
            throw;
        }
    }

    private static string? Header(HttpResponseMessage answer, string name) => answer.Headers.TryGetValues(name, out var values) ? values.First() : null;

    private static ServiceException Odd(string what) => new($"Lambda's Runtime API answered {what}. The process ends, and Lambda starts another.", transient: false);
}
