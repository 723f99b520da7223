using System.Runtime.ExceptionServices;

namespace Etl.Core.Engine;

/// <summary>Runs steps that feed each other side by side. The first to fail stops the others, and its failure is the one that is thrown.</summary>
internal static class Overlap
{
    public static async Task RunAsync(CancellationToken cancel, params Func<CancellationToken, Task>[] steps)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        ExceptionDispatchInfo? first = null;

        async Task Guard(Func<CancellationToken, Task> step)
        {
            try
            {
                await step(stop.Token).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref first, ExceptionDispatchInfo.Capture(e), null);
                await stop.CancelAsync().ConfigureAwait(false);
            }
        }

        var running = new List<Task>();
        foreach (var step in steps) running.Add(Task.Run(() => Guard(step), CancellationToken.None));
        await Task.WhenAll(running).ConfigureAwait(false);
        cancel.ThrowIfCancellationRequested();
        first?.Throw();
    }
}
