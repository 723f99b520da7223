using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Etl.Acceptance.Tests;

/// <summary>Stands before Google's token services and keeps what clients send them.</summary>
internal sealed class RecordingProxy : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly HttpClient client = new();
    private readonly ConcurrentQueue<RecordedRequest> requests = new();

    private RecordingProxy(WebApplication app) => this.app = app;

    /// <summary>What was sent so far, in order.</summary>
    public IReadOnlyList<RecordedRequest> Requests => [.. requests];

    /// <summary>Starts it before the services that <paramref name="credentialsFile"/> names, and writes a file that names it instead.</summary>
    public static async Task<(RecordingProxy Proxy, string CredentialsFile)> StartAsync(string credentialsFile)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var proxy = new RecordingProxy(builder.Build());
        var file = JsonNode.Parse(await File.ReadAllTextAsync(credentialsFile))!;
        var targets = new Dictionary<string, string>();
        foreach (var name in (string[])["token_url", "service_account_impersonation_url"])
            if (file[name] is { } url)
                targets[new Uri((string)url!).AbsolutePath] = (string)url!;
        proxy.app.Run(context => proxy.ForwardAsync(context, targets[context.Request.Path.Value!]));
        await proxy.app.StartAsync();
        foreach (var name in targets.Keys.Zip((string[])["token_url", "service_account_impersonation_url"]))
            file[name.Second] = proxy.app.Urls.First() + name.First;
        var written = credentialsFile + ".recorded.json";
        await File.WriteAllTextAsync(written, file.ToJsonString());
        return (proxy, written);
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        client.Dispose();
    }

    private async Task ForwardAsync(HttpContext context, string target)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var body = await reader.ReadToEndAsync();
        requests.Enqueue(new RecordedRequest(context.Request.Method, context.Request.Path, context.Request.Headers.ToDictionary(h => h.Key.ToLowerInvariant(), h => h.Value.ToString()), body));
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), target) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", context.Request.ContentType);
        if (context.Request.Headers.Authorization.ToString() is { Length: > 0 } authorization) request.Headers.TryAddWithoutValidation("Authorization", authorization);
        using var response = await client.SendAsync(request);
        context.Response.StatusCode = (int)response.StatusCode;
        context.Response.ContentType = response.Content.Headers.ContentType?.ToString();
        await context.Response.WriteAsync(await response.Content.ReadAsStringAsync());
    }
}

/// <summary>A request as it was sent.</summary>
internal sealed record RecordedRequest(string Method, string Path, IReadOnlyDictionary<string, string> Headers, string Body)
{
    /// <summary>The body's fields, when it is a form, in order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Form =>
        [.. Body.Split('&').Select(pair => pair.Split('=', 2)).Select(pair => KeyValuePair.Create(WebUtility.UrlDecode(pair[0]), WebUtility.UrlDecode(pair[1])))];
}
