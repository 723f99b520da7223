using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Etl.Connectors.Aws.S3;
using Etl.Core.Connectors;
using Etl.Core.Contracts;

namespace Etl.Connectors.Aws.Sqs;

/// <summary>
/// The objects of S3 that the messages of a queue tell of, as they are now. A message stays in the queue until what it tells of is loaded: while this process works, it is only kept from being given out
/// again, and it comes back when the process dies. Which version of an object a message tells of does not matter, so they may come twice, late and in any order.
/// </summary>
public sealed class SqsSource : IAcknowledgedSource, IAsyncDisposable
{
    private const int LooksAtOnce = 16;
    private static readonly TimeSpan NextWait = TimeSpan.FromSeconds(1);
    private readonly SqsSourceOptions options;
    private readonly ConnectorContext context;
    private readonly HeldMessages held;
    private readonly MessageQueue queue;
    private readonly ConcurrentDictionary<string, S3Source> buckets = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SourceObject> waiting = new(StringComparer.Ordinal);

    /// <summary>A source that makes its clients when they are first used.</summary>
    public SqsSource(SqsSourceOptions options, ConnectorContext context)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(context);
        (this.options, this.context) = (options, context);
        queue = new MessageQueue(options.Queue.AbsoluteUri, options.QueueRegion, context.Local ? null : options.Profile);
        held = new HeldMessages(queue, context.Time);
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Notes { get; private set; } = [];

    /// <inheritdoc/>
    /// <remarks>In the order of their addresses. What an earlier listing of this process took from the queue is listed again.</remarks>
    public async IAsyncEnumerable<SourceObject> ListAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        var (strange, isFull) = await ReceiveAsync(cancel).ConfigureAwait(false);
        var named = held.All.SelectMany(m => m.Objects).Distinct().ToList();
        var found = new ConcurrentBag<SourceObject>();
        await Parallel.ForEachAsync(named, new ParallelOptions { MaxDegreeOfParallelism = LooksAtOnce, CancellationToken = cancel }, async (o, stop) =>
        {
            if (await Bucket(o.Bucket).FindAsync(o.Key, stop).ConfigureAwait(false) is { } now) found.Add(now);
        }).ConfigureAwait(false);

        waiting.Clear();
        foreach (var now in found) waiting[now.Uri] = now;
        Notes = [.. SqsNotes.Of(strange, gone: named.Count - waiting.Count, isFull)];
        foreach (var now in found.OrderBy(f => f.Uri, StringComparer.Ordinal)) yield return now;
    }

    /// <inheritdoc/>
    public ValueTask<Stream> OpenAsync(SourceObject source, ByteRange range, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Bucket(source.Uri["s3://".Length..].Split('/')[0]).OpenAsync(source, range, cancel);
    }

    /// <inheritdoc/>
    /// <remarks>A message is deleted once all objects that it tells of are dealt with, or gone.</remarks>
    public async ValueTask AcknowledgeAsync(IReadOnlyCollection<SourceObject> objects, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(objects);
        foreach (var done in objects)
            if (waiting.GetValueOrDefault(done.Uri)?.Version == done.Version) waiting.Remove(done.Uri);
        await held.DeleteAsync(m => !m.Objects.Any(o => waiting.ContainsKey($"s3://{o.Bucket}/{o.Key}")), cancel).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <remarks>What was not dealt with is given out again at once.</remarks>
    public async ValueTask DisposeAsync()
    {
        await held.DisposeAsync().ConfigureAwait(false);
        queue.Dispose();
        foreach (var bucket in buckets.Values) bucket.Dispose();
    }

    /// <summary>Takes messages until there are none, or enough.</summary>
    /// <returns>The ids of those that are nothing of S3's, and whether it was enough.</returns>
    private async Task<(IReadOnlyCollection<string> Strange, bool IsFull)> ReceiveAsync(CancellationToken cancel)
    {
        var strange = new HashSet<string>(StringComparer.Ordinal);
        var wait = options.Wait.Value;
        while (held.All.Sum(m => Math.Max(1, m.Objects.Count)) + strange.Count < options.MaxObjects)
        {
            var messages = await queue.ReceiveAsync(wait, HeldMessages.Visibility, cancel).ConfigureAwait(false);
            if (messages.Count == 0) return (strange, false);
            foreach (var message in messages)
                if (HeldMessage.Read(message) is { } read) held.Add(message.MessageId, read);
                else strange.Add(message.MessageId);
            wait = TimeSpan.FromTicks(Math.Min(NextWait.Ticks, wait.Ticks));
        }

        return (strange, true);
    }

    private S3Source Bucket(string name) =>
        buckets.GetOrAdd(name, bucket => new S3Source(new S3Options { Bucket = bucket, Region = options.QueueRegion, Profile = options.Profile }, context));
}
