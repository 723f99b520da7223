using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace Etl.LocalCloud.Host;

/// <summary>A request that a local service answered, and when.</summary>
public sealed record LoggedRequest(string Service, string Method, string Path, int Status, DateTimeOffset At);

/// <summary>The last requests, for tests that count calls.</summary>
internal sealed class RequestLog
{
    private const int Kept = 100_000;
    private readonly ConcurrentQueue<LoggedRequest> requests = new();

    /// <summary>What was answered so far.</summary>
    public IReadOnlyList<LoggedRequest> Snapshot() => [.. requests];

    /// <summary>Keeps one.</summary>
    public void Add(string service, HttpContext context, DateTimeOffset at)
    {
        requests.Enqueue(new LoggedRequest(service, context.Request.Method, context.Request.Path.Value ?? "", context.Response.StatusCode, at));
        while (requests.Count > Kept) requests.TryDequeue(out _);
    }
}
