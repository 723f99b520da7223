using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Etl.LocalCloud.Host;

/// <summary>One service on its own loopback port, or at an address of its own.</summary>
internal sealed class ServiceListener : IAsyncDisposable
{
    private readonly WebApplication app;

    private ServiceListener(WebApplication app, Uri address) => (this.app, Address) = (app, address);

    /// <summary>Where it listens, without a slash at the end of the text.</summary>
    public Uri Address { get; }

    /// <summary>Opens the port. <paramref name="map"/> adds the service's routes.</summary>
    public static async Task<ServiceListener> StartAsync(string service, RequestLog log, TimeProvider time, Action<WebApplication> map, CancellationToken cancel, IPEndPoint? at = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(at ?? new IPEndPoint(IPAddress.Loopback, 0));
        });
        // The process that hosts us decides when to stop; its Ctrl-C is not ours.
        builder.Services.AddSingleton<Microsoft.Extensions.Hosting.IHostLifetime, QuietLifetime>();
        var app = builder.Build();
        app.Use(async (context, next) =>
        {
            UnreadBody.Watch(context);
            var began = time.GetUtcNow();
            context.Response.Headers.Date = began.ToString("R", CultureInfo.InvariantCulture);
            try
            {
                await next(context).ConfigureAwait(false);
            }
            catch (Exception e) when (e is not (OperationCanceledException or BadHttpRequestException) && !context.RequestAborted.IsCancellationRequested && !context.Response.HasStarted)
            {
                // A bug of ours: whoever meets it has to see what it is.
                context.Response.Clear();
                context.Response.StatusCode = StatusCodes.Status500InternalServerError;
                await context.Response.WriteAsJsonAsync(new { error = new { code = 500, status = "INTERNAL", message = $"The local cloud has a bug: {e}" } }, context.RequestAborted).ConfigureAwait(false);
            }
            finally
            {
                log.Add(service, context, began, time.GetUtcNow());
            }
        });
        map(app);
        await app.StartAsync(cancel).ConfigureAwait(false);
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return new ServiceListener(app, new Uri(address));
    }

    /// <summary>Opens the port with one handler for every request.</summary>
    public static Task<ServiceListener> StartAsync(string service, RequestLog log, TimeProvider time, RequestDelegate handler, CancellationToken cancel, IPEndPoint? at = null) =>
        StartAsync(service, log, time, app => app.Run(handler), cancel, at);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await app.StopAsync(patience.Token).ConfigureAwait(false);
        await app.DisposeAsync().ConfigureAwait(false);
    }
}
