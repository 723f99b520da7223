using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Etl.EndToEnd.Tests;

/// <summary>Stands before a service of AWS, and lets requests of one kind wait without an answer and without the service hearing of them.</summary>
internal sealed class HoldingProxy : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly HttpClient client = new();
    private readonly TaskCompletionSource held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Uri service;

    private HoldingProxy(WebApplication app, Uri service) => (this.app, this.service) = (app, service);

    /// <summary>What the <c>X-Amz-Target</c> of requests that wait ends with; null to hold none.</summary>
    public string? Holds { get; set; }

    /// <summary>Ends when there is such a request.</summary>
    public Task Held => held.Task;

    /// <summary>Its address.</summary>
    public string Address => app.Urls.First();

    public static async Task<HoldingProxy> StartAsync(Uri service)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var proxy = new HoldingProxy(builder.Build(), service);
        proxy.app.Run(proxy.ForwardAsync);
        await proxy.app.StartAsync();
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        client.Dispose();
    }

    private async Task ForwardAsync(HttpContext context)
    {
        if (Holds is { } action && context.Request.Headers["X-Amz-Target"].ToString().EndsWith(action, StringComparison.Ordinal))
        {
            held.TrySetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return;
        }

        var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        // The host is signed, so that it stays the one that was asked for.
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), new Uri(service, context.Request.Path + context.Request.QueryString)) { Content = new ByteArrayContent(body.ToArray()) };
        foreach (var (name, value) in context.Request.Headers)
            if (name is not "Content-Length" and not "Connection" and not "Expect" && !request.Headers.TryAddWithoutValidation(name, value.ToString())) request.Content.Headers.TryAddWithoutValidation(name, value.ToString());
        using var response = await client.SendAsync(request);
        context.Response.StatusCode = (int)response.StatusCode;
        context.Response.ContentType = response.Content.Headers.ContentType?.ToString();
        await context.Response.Body.WriteAsync(await response.Content.ReadAsByteArrayAsync());
    }
}
