using System.Security.Cryptography;
using System.Text;
using Etl.Core.Engine;
using Etl.Core.Errors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;

namespace Etl.Runner.Serve;

/// <summary>The HTTP side of `etl serve`. Health is for everybody, everything else for who has the token.</summary>
internal static class ServeApp
{
    private const int MostRuns = 200;

    /// <summary>An application that listens when it is started.</summary>
    public static WebApplication Create(Uri listen, string token, IReadOnlyList<ServedPipeline> pipelines)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(listen.ToString());
        builder.Services.AddSingleton<Microsoft.Extensions.Hosting.IHostLifetime, Quiet>();
        builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter(Core.Telemetry.RunTelemetry.Name).AddPrometheusExporter());
        var app = builder.Build();
        var expected = SHA256.HashData(Encoding.UTF8.GetBytes(token));
        app.Use((context, next) => IsOpen(context.Request.Path) || Has(context.Request, expected) ? next(context) : Refuse(context));
        app.MapGet("/", () => Results.Content(ServePage.Html, "text/html; charset=utf-8"));
        app.MapGet("/healthz", () => Results.Json(new { status = "ok" }));
        app.MapGet("/readyz", cancel => ReadyAsync(pipelines, cancel));
        app.MapPrometheusScrapingEndpoint("/metrics");
        app.MapGet("/api/pipelines", () => Results.Json(pipelines.Select(ServeJson.Of)));
        app.MapGet("/api/pipelines/{name}", (string name) => Find(pipelines, name) is { } found ? Results.Json(ServeJson.Of(found)) : NotFound(name));
        app.MapGet("/api/pipelines/{name}/runs", async (string name, int? limit, CancellationToken cancel) =>
            Find(pipelines, name) is { } found ? Results.Json((await RunHistory.ReadAsync(found.Pipeline, Math.Clamp(limit ?? 20, 1, MostRuns), cancel)).Select(ServeJson.Of)) : NotFound(name));
        app.MapPost("/api/pipelines/{name}/runs", (string name) =>
            Find(pipelines, name) is not { } found ? NotFound(name)
            : found.Start() ? Results.Json(new { status = "started" }, statusCode: StatusCodes.Status202Accepted)
            : Results.Json(new { error = $"A run of {name} is under way." }, statusCode: StatusCodes.Status409Conflict));
        return app;
    }

    // The page holds nothing but itself; it asks with the token that its address has after the #.
    private static bool IsOpen(PathString path) => path == "/" || path == "/healthz" || path == "/readyz";

    private static bool Has(HttpRequest request, byte[] expected) =>
        request.Headers.Authorization.ToString() is var header && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
        && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(header["Bearer ".Length..].Trim())), expected);

    private static Task Refuse(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return context.Response.WriteAsJsonAsync(new { error = "Send the token that `etl serve` printed, or that ETL_SERVE_TOKEN holds, as a bearer token." });
    }

    private static async Task ReadyAsync(IReadOnlyList<ServedPipeline> pipelines, HttpContext context)
    {
        var problems = new Dictionary<string, string>();
        foreach (var pipeline in pipelines)
            try
            {
                await PipelineStatus.ReadAsync(pipeline.Pipeline, context.RequestAborted);
            }
            catch (EtlException)
            {
                // Who asks has no token: the words stay here.
                problems[pipeline.Name] = "its state cannot be read";
            }

        context.Response.StatusCode = problems.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        await context.Response.WriteAsJsonAsync(new { status = problems.Count == 0 ? "ready" : "not ready", problems }, context.RequestAborted);
    }

    private static ServedPipeline? Find(IReadOnlyList<ServedPipeline> pipelines, string name) => pipelines.FirstOrDefault(p => p.Name == name);

    private static IResult NotFound(string name) => Results.Json(new { error = $"No pipeline called {name} is served here." }, statusCode: StatusCodes.Status404NotFound);

    /// <summary>Signals are the command's; ASP.NET would write lines of its own.</summary>
    private sealed class Quiet : Microsoft.Extensions.Hosting.IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
