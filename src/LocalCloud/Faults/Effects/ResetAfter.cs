using Microsoft.AspNetCore.Http;

namespace Etl.LocalCloud.Faults.Effects;

/// <summary>Lets the service act, and breaks the connection instead of answering.</summary>
internal sealed class ResetAfter : IFault
{
    public async Task ApplyAsync(StruckRequest request, RequestDelegate next)
    {
        await HeldAnswer.TakeAsync(request.Context, next).ConfigureAwait(false);
        request.Context.Abort();
    }
}
