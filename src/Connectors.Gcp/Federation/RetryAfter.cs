using System.Net;
using Google.Apis.Http;

namespace Etl.Connectors.Gcp.Federation;

/// <summary>Waits as long as a service asks (RFC 9110, section 10.2.3) before a request is sent again; the library by itself does not look at the header.</summary>
internal sealed class RetryAfter(TimeProvider time) : IHttpUnsuccessfulResponseHandler
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <summary>Called for each answer that is an error; a wait longer than a minute is the engine's to decide on.</summary>
    public async Task<bool> HandleResponseAsync(HandleUnsuccessfulResponseArgs args)
    {
        if (!args.SupportsRetry || args.Response.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable)) return false;
        if (Wait(args.Response) is not { } wait || wait > Longest) return false;
        if (wait > TimeSpan.Zero) await Task.Delay(wait, time, args.CancellationToken).ConfigureAwait(false);
        return true;
    }

    private TimeSpan? Wait(HttpResponseMessage response) =>
        response.Headers.RetryAfter is not { } asked ? null
        : asked.Delta ?? (asked.Date is { } date ? date - time.GetUtcNow() : null);
}
