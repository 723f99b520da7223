using Microsoft.AspNetCore.Http;

namespace Etl.LocalCloud.Faults.Effects;

/// <summary>Lets half of the request's body through, then breaks the connection: a service that keeps what arrived (a resumable upload) has some of it.</summary>
internal sealed class ResetDuring : IFault
{
    public async Task ApplyAsync(StruckRequest request, RequestDelegate next)
    {
        var context = request.Context;
        var held = await WholeBody.ReadAsync(context).ConfigureAwait(false);
        context.Request.Body = new BreakingStream(held[..(held.Length / 2)]);
        try
        {
            await HeldAnswer.TakeAsync(context, next).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // The service met the break as it would meet it on the wire.
        }
        finally
        {
            context.Abort();
        }
    }

    private sealed class BreakingStream(byte[] bytes) : MemoryStream(bytes, writable: false)
    {
        public override int Read(byte[] buffer, int offset, int count) => Broken(base.Read(buffer, offset, count));

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Broken(await base.ReadAsync(buffer, cancellationToken).ConfigureAwait(false));

        private static int Broken(int read) => read > 0 ? read : throw new IOException("The connection was reset.");
    }
}
