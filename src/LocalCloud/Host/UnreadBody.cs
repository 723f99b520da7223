using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Etl.LocalCloud.Host;

/// <summary>What becomes of a request's body when the request is refused before the body was read: the next request on the connection must not run into it.</summary>
internal static class UnreadBody
{
    private const int MostDrained = 256 << 10;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Before an error is answered, reads away what is left of a small body; otherwise the answer says <c>Connection: close</c> (RFC 9112, section 9.3).</summary>
    public static void Watch(HttpContext context)
    {
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: true }) return;
        context.Response.OnStarting(async () =>
        {
            if (context.Response.StatusCode >= 400 && !await DrainedAsync(context).ConfigureAwait(false)) context.Response.Headers.Connection = "close";
        });
    }

    private static async Task<bool> DrainedAsync(HttpContext context)
    {
        // A client that waits for leave to send gets the refusal instead of it; only some then send the body.
        if (context.Request.Headers.Expect.Count > 0) return false;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        stop.CancelAfter(Patience);
        try
        {
            var buffer = new byte[16 << 10];
            for (var left = MostDrained; left > 0;)
            {
                var read = await context.Request.Body.ReadAsync(buffer, stop.Token).ConfigureAwait(false);
                if (read == 0) return true;
                left -= read;
            }

            return false;
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or InvalidOperationException)
        {
            return false;
        }
    }
}
