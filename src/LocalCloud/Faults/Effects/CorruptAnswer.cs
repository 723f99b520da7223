using Microsoft.AspNetCore.Http;

namespace Etl.LocalCloud.Faults.Effects;

/// <summary>Flips a bit in the middle of the answer's body; the headers still carry the checksum of the right one.</summary>
internal sealed class CorruptAnswer : IFault
{
    public async Task ApplyAsync(StruckRequest request, RequestDelegate next)
    {
        var body = await HeldAnswer.TakeAsync(request.Context, next).ConfigureAwait(false);
        if (body.Length > 0) body[body.Length / 2] ^= 1;
        await request.Context.Response.Body.WriteAsync(body, request.Context.RequestAborted).ConfigureAwait(false);
    }
}
