using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace Etl.LocalCloud.Host;

/// <summary>A request that a local service answered.</summary>
/// <param name="Service">The service.</param>
/// <param name="Method">The method.</param>
/// <param name="Path">The path.</param>
/// <param name="Status">The status of the answer.</param>
/// <param name="Began">When the request came.</param>
/// <param name="At">When all of the answer was given.</param>
public sealed record LoggedRequest(string Service, string Method, string Path, int Status, DateTimeOffset Began, DateTimeOffset At);

/// <summary>The last requests, for tests that count calls.</summary>
internal sealed class RequestLog
{
    private const int Kept = 100_000;
    private readonly ConcurrentQueue<LoggedRequest> requests = new();

    /// <summary>What was answered so far.</summary>
    public IReadOnlyList<LoggedRequest> Snapshot() => [.. requests];

    /// <summary>Keeps one.</summary>
    public void Add(string service, HttpContext context, DateTimeOffset began, DateTimeOffset at)
    {
        requests.Enqueue(new LoggedRequest(service, context.Request.Method, context.Request.Path.Value ?? "", context.Response.StatusCode, began, at));
        while (requests.Count > Kept) requests.TryDequeue(out _);
    }
}
