using Etl.Core.State;
using Polly;

namespace Etl.Core.Engine;

/// <summary>Retries a state store's calls. A conditional write whose answer was lost finds its own document when it is tried again, which is success.</summary>
internal sealed class RetryingStateStore(IStateStore inner, ResiliencePipeline retry) : IStateStore
{
    public string Locate(string name) => inner.Locate(name);

    public ValueTask<StateDocument?> ReadAsync(string name, CancellationToken cancel) =>
        retry.ExecuteAsync(stop => inner.ReadAsync(name, stop), cancel);

    // Listings are the client's to retry, page by page.
    public IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken cancel) => inner.ListAsync(prefix, cancel);

    public async ValueTask DeleteAsync(StoredObject found, CancellationToken cancel) =>
        await retry.ExecuteAsync(async stop => await inner.DeleteAsync(found, stop).ConfigureAwait(false), cancel).ConfigureAwait(false);

    public async ValueTask<string> WriteAsync(string name, ReadOnlyMemory<byte> content, WriteCondition condition, CancellationToken cancel)
    {
        var attempts = 0;
        return await retry.ExecuteAsync(
            async stop =>
            {
                try
                {
                    attempts++;
                    return await inner.WriteAsync(name, content, condition, stop).ConfigureAwait(false);
                }
                catch (StateConflictException) when (attempts > 1)
                {
                    if (await inner.ReadAsync(name, stop).ConfigureAwait(false) is { } found && found.Content.Span.SequenceEqual(content.Span)) return found.Version;
                    throw;
                }
            },
            cancel).ConfigureAwait(false);
    }
}
