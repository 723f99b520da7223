using Microsoft.AspNetCore.Http;

namespace Etl.LocalCloud.Faults.Effects;

/// <summary>Sends the body in some drops with waits between them.</summary>
internal sealed class DrippingAnswer : IFault
{
    private const int Drops = 20;
    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(20);

    public async Task ApplyAsync(StruckRequest request, RequestDelegate next)
    {
        var (context, cancel) = (request.Context, request.Context.RequestAborted);
        var body = await HeldAnswer.TakeAsync(context, next).ConfigureAwait(false);
        foreach (var drop in body.Chunk(Math.Max(1, body.Length / Drops)))
        {
            await context.Response.Body.WriteAsync(drop, cancel).ConfigureAwait(false);
            await context.Response.Body.FlushAsync(cancel).ConfigureAwait(false);
            await Task.Delay(Wait, cancel).ConfigureAwait(false);
        }
    }
}
