using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace Etl.LocalCloud.Faults.Effects;

/// <summary>Answers a listing as the same one was answered the first time; a listing that was never asked for is answered as it is.</summary>
internal sealed class StaleListing : IFault
{
    private readonly ConcurrentDictionary<string, (string? Type, byte[] Body)> first = new();

    /// <summary>Whether the request lists objects.</summary>
    public static bool IsListing(string service, HttpContext context) => HttpMethods.IsGet(context.Request.Method) && service switch
    {
        "s3" => context.Request.Query.ContainsKey("list-type"),
        "cloud-storage" => context.Request.Path.Value!.EndsWith("/o", StringComparison.Ordinal),
        _ => false,
    };

    /// <summary>Lets the service answer, and keeps a listing that was not asked for before.</summary>
    public async Task Remember(string service, HttpContext context, RequestDelegate next)
    {
        if (!IsListing(service, context) || first.ContainsKey(Key(service, context)))
        {
            await next(context).ConfigureAwait(false);
            return;
        }

        var body = await HeldAnswer.TakeAsync(context, next).ConfigureAwait(false);
        if (context.Response.StatusCode == StatusCodes.Status200OK) first.TryAdd(Key(service, context), (context.Response.ContentType, body));
        await context.Response.Body.WriteAsync(body, context.RequestAborted).ConfigureAwait(false);
    }

    public Task ApplyAsync(StruckRequest request, RequestDelegate next)
    {
        if (!first.TryGetValue(Key(request.Service, request.Context), out var old)) return Remember(request.Service, request.Context, next);
        request.Context.Response.ContentType = old.Type;
        return request.Context.Response.Body.WriteAsync(old.Body, request.Context.RequestAborted).AsTask();
    }

    private static string Key(string service, HttpContext context) => $"{service}{context.Request.Path}{context.Request.QueryString}";
}
