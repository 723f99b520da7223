using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Etl.LocalCloud.Identity;

/// <summary>The parts of an HTTP request that AWS Signature Version 4 covers.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path as sent, percent-encoded.</param>
/// <param name="Query">The decoded query, in the order sent.</param>
/// <param name="Headers">The headers by lower-case name; several values joined by commas.</param>
public sealed record SignedRequest(string Method, string Path, IReadOnlyList<KeyValuePair<string, string>> Query, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>The parts of <paramref name="context"/>'s request, from the raw target: nothing is decoded twice.</summary>
    public static SignedRequest Of(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?', 2);
        var headers = context.Request.Headers.ToDictionary(h => h.Key.ToLowerInvariant(), h => string.Join(',', h.Value.Select(v => v?.Trim())));
        return new SignedRequest(context.Request.Method, target[0], ParseQuery(target.Length > 1 ? target[1] : ""), headers);
    }

    /// <summary>The first value of a query parameter, or null.</summary>
    public string? Parameter(string name) => Query.Where(q => q.Key == name).Select(q => q.Value).FirstOrDefault();

    /// <summary>A query string, decoded.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> ParseQuery(string query) =>
        [.. query.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2))
            .Select(pair => KeyValuePair.Create(Uri.UnescapeDataString(pair[0]), pair.Length > 1 ? Uri.UnescapeDataString(pair[1]) : ""))];
}
