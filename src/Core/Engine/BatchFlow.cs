using System.Threading.Channels;
using Apache.Arrow;

namespace Etl.Core.Engine;

/// <summary>Lets the making of batches overlap with their use, a few in flight; batches that nobody took are disposed.</summary>
internal static class BatchFlow
{
    private const int InFlight = 2;

    public static async Task RunAsync(Func<CancellationToken, IAsyncEnumerable<RecordBatch>> make, Func<ChannelReader<RecordBatch>, CancellationToken, Task> use, CancellationToken cancel)
    {
        var batches = Channel.CreateBounded<RecordBatch>(new BoundedChannelOptions(InFlight) { SingleReader = true, SingleWriter = true });
        try
        {
            await Overlap.RunAsync(
                cancel,
                async stop =>
                {
                    // On a failure the channel stays open until the other side is stopped: what was made so far is not the whole.
                    await foreach (var batch in make(stop).ConfigureAwait(false)) await batches.Writer.WriteAsync(batch, stop).ConfigureAwait(false);
                    batches.Writer.Complete();
                },
                stop => use(batches.Reader, stop)).ConfigureAwait(false);
        }
        finally
        {
            while (batches.Reader.TryRead(out var left)) left.Dispose();
        }
    }
}
