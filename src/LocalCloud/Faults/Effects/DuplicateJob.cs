using Microsoft.AspNetCore.Http;

namespace Etl.LocalCloud.Faults.Effects;

/// <summary>Starts the job and answers 409, as when a client asks a second time because it did not hear the first answer.</summary>
internal sealed class DuplicateJob : IFault
{
    public async Task ApplyAsync(StruckRequest request, RequestDelegate next)
    {
        var context = request.Context;
        await HeldAnswer.TakeAsync(context, next).ConfigureAwait(false);
        context.Response.Clear();
        await Refusals.WriteAsync(request, StatusCodes.Status409Conflict, "duplicate", "Already Exists: Job").ConfigureAwait(false);
    }
}
