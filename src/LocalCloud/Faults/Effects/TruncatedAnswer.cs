using Microsoft.AspNetCore.Http;

namespace Etl.LocalCloud.Faults.Effects;

/// <summary>Sends the headers and half of the body, then breaks the connection.</summary>
internal sealed class TruncatedAnswer : IFault
{
    public async Task ApplyAsync(StruckRequest request, RequestDelegate next)
    {
        var context = request.Context;
        var body = await HeldAnswer.TakeAsync(context, next).ConfigureAwait(false);
        if (body.Length > 1)
        {
            context.Response.ContentLength ??= body.Length;
            await context.Response.Body.WriteAsync(body.AsMemory(0, body.Length / 2), context.RequestAborted).ConfigureAwait(false);
            await context.Response.Body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
        }

        context.Abort();
    }
}
