using Microsoft.AspNetCore.Http;

namespace Etl.LocalCloud.Faults.Effects;

/// <summary>An answer that the service wrote and that is not sent yet.</summary>
internal static class HeldAnswer
{
    /// <summary>Lets the service answer, and gives the body; the status and headers stand in the response, unsent.</summary>
    public static async Task<byte[]> TakeAsync(HttpContext context, RequestDelegate next)
    {
        var body = context.Response.Body;
        using var held = new MemoryStream();
        context.Response.Body = held;
        try
        {
            await next(context).ConfigureAwait(false);
        }
        finally
        {
            context.Response.Body = body;
        }

        return held.ToArray();
    }
}
