using Microsoft.AspNetCore.Http;

namespace Etl.LocalCloud.Faults.Effects;

/// <summary>Breaks the connection at once.</summary>
internal sealed class ResetBefore : IFault
{
    public Task ApplyAsync(StruckRequest request, RequestDelegate next)
    {
        request.Context.Abort();
        return Task.CompletedTask;
    }
}
