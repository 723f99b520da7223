using System.Collections.Concurrent;
using Etl.Core.Errors;

namespace Etl.Connectors.Aws.Sqs;

/// <summary>
/// The messages that this process has from a queue. Until they are deleted, the queue is told again and again not to give them to anybody else; it does so by itself a while after the process has died
/// (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html).
/// </summary>
internal sealed class HeldMessages(MessageQueue queue, TimeProvider time) : IAsyncDisposable
{
    /// <summary>For how long the queue keeps a message back when nobody asks it again.</summary>
    public static readonly TimeSpan Visibility = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Renewal = Visibility / 3;
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<string, HeldMessage> messages = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource end = new();
    private Task? renewing;

    /// <summary>All of them.</summary>
    public IEnumerable<HeldMessage> All => messages.Values;

    /// <summary>Holds one more. One that comes a second time is known by its newest receipt.</summary>
    public void Add(string id, HeldMessage message)
    {
        messages[id] = message;
        renewing ??= RenewAsync();
    }

    /// <summary>Deletes those that <paramref name="isDone"/> says, from the queue and here.</summary>
    /// <exception cref="ServiceException">SQS refused or failed.</exception>
    public async Task DeleteAsync(Func<HeldMessage, bool> isDone, CancellationToken cancel)
    {
        foreach (var some in messages.Where(m => isDone(m.Value)).Chunk(MessageQueue.MostAtOnce))
        {
            await queue.DeleteAsync([.. some.Select(m => m.Value.Receipt)], cancel).ConfigureAwait(false);
            foreach (var (id, _) in some) messages.TryRemove(id, out _);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync().ConfigureAwait(false);
        if (renewing is not null) await renewing.ConfigureAwait(false);
        using var patience = new CancellationTokenSource(Farewell, time);
        await KeepAsync(TimeSpan.Zero, patience.Token).ConfigureAwait(false);
        end.Dispose();
    }

    private async Task RenewAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(Renewal, time, end.Token).ConfigureAwait(false);
                await KeepAsync(Visibility, end.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    // A message that could not be kept back is given out again, which the ledger is there for.
    private async Task KeepAsync(TimeSpan visibility, CancellationToken cancel)
    {
        foreach (var some in messages.Values.Chunk(MessageQueue.MostAtOnce))
            try
            {
                await queue.KeepAsync([.. some.Select(m => m.Receipt)], visibility, cancel).ConfigureAwait(false);
            }
            catch (Exception e) when (e is EtlException || (e is OperationCanceledException && visibility == TimeSpan.Zero))
            {
                return;
            }
    }
}
