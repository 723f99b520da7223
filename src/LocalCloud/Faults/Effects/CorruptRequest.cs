using Microsoft.AspNetCore.Http;

namespace Etl.LocalCloud.Faults.Effects;

/// <summary>Flips a bit in the middle of the request's body: what is stored has another checksum than what was sent.</summary>
internal sealed class CorruptRequest : IFault
{
    public async Task ApplyAsync(StruckRequest request, RequestDelegate next)
    {
        var body = await WholeBody.ReadAsync(request.Context).ConfigureAwait(false);
        if (body.Length > 0) body[body.Length / 2] ^= 1;
        request.Context.Request.Body = new MemoryStream(body, writable: false);
        await next(request.Context).ConfigureAwait(false);
    }
}
