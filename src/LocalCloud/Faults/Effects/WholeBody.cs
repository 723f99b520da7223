using Microsoft.AspNetCore.Http;

namespace Etl.LocalCloud.Faults.Effects;

/// <summary>A request's body in memory.</summary>
internal static class WholeBody
{
    public static async Task<byte[]> ReadAsync(HttpContext context)
    {
        using var held = new MemoryStream();
        await context.Request.Body.CopyToAsync(held, context.RequestAborted).ConfigureAwait(false);
        return held.ToArray();
    }
}
