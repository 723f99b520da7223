namespace Etl.Core.State;

/// <summary>
/// The ledger's documents. A run adds one with its own objects and merges the small ones before it, so that there are few of them and each entry is written over only
/// a few times; a full one is never touched again. What is in force is what the state names, so nothing counts before the state has moved.
/// </summary>
internal sealed class LedgerStore(RunRecords records)
{
    /// <summary>Entries in a full document: a few MB stored.</summary>
    internal const int Full = 100_000;

    private const int Growth = 4;
    private const int Ahead = 3;

    /// <summary>The ledger, for looking up.</summary>
    public async Task<Ledger> ReadAsync(IReadOnlyList<LedgerSegment> segments, CancellationToken cancel)
    {
        var ledger = new Ledger(segments.Sum(s => s.Objects));
        await VisitAsync(segments, (_, uri, version, _) => ledger.Add(uri, version), cancel).ConfigureAwait(false);
        return ledger;
    }

    /// <summary>The documents with <paramref name="entries"/> added.</summary>
    /// <param name="segments">Those there are.</param>
    /// <param name="generation">The holder's number: no other holder writes a document of the same name.</param>
    /// <param name="entries">What to add; read once.</param>
    /// <param name="count">How many they are, about.</param>
    /// <param name="cancel">Stops.</param>
    public async Task<IReadOnlyList<LedgerSegment>> AppendAsync(IReadOnlyList<LedgerSegment> segments, long generation, IAsyncEnumerable<LedgerEntry> entries, int count, CancellationToken cancel)
    {
        var kept = segments.Count;
        for (long merged = count; kept > 0 && segments[kept - 1].Objects < Math.Min(Full, merged * Growth); kept--) merged += segments[kept - 1].Objects;
        return await WriteAsync(segments.Take(kept), segments.Skip(kept).ToList(), Keep.All, generation, entries, [], cancel).ConfigureAwait(false);
    }

    /// <summary>The documents written anew, with <paramref name="entries"/> added: of each object the last entry, when <paramref name="keep"/> says so.</summary>
    public Task<IReadOnlyList<LedgerSegment>> RewriteAsync(IReadOnlyList<LedgerSegment> segments, Keep keep, long generation, IReadOnlyList<LedgerEntry> entries, CancellationToken cancel) =>
        WriteAsync([], segments, keep, generation, entries.Where(keep.Holds).ToAsyncEnumerable(), entries, cancel);

    private async Task<IReadOnlyList<LedgerSegment>> WriteAsync(
        IEnumerable<LedgerSegment> kept, IReadOnlyList<LedgerSegment> merged, Keep keep, long generation, IAsyncEnumerable<LedgerEntry> entries, IReadOnlyList<LedgerEntry> superseding, CancellationToken cancel)
    {
        var result = kept.ToList();
        var last = await LastAsync(merged, cancel).ConfigureAwait(false);
        foreach (var entry in superseding) last[Ledger.Digest.Of(System.Text.Encoding.UTF8.GetBytes(entry.Uri))] = int.MaxValue;
        var writer = new LedgerWriter();
        try
        {
            var position = 0;
            foreach (var segment in merged)
            {
                await VisitAsync([segment], (line, uri, version, modified) =>
                {
                    if (last[Ledger.Digest.Of(uri)] == position++ && keep.Holds(uri, version, modified)) writer.Add(line);
                }, cancel).ConfigureAwait(false);
                if (writer.Objects >= Full) writer = await NextAsync(writer).ConfigureAwait(false);
            }

            await foreach (var entry in entries.WithCancellation(cancel).ConfigureAwait(false))
            {
                writer.Add(entry);
                if (writer.Objects >= Full) writer = await NextAsync(writer).ConfigureAwait(false);
            }

            if (writer.Objects > 0) writer = await NextAsync(writer).ConfigureAwait(false);
            return result;
        }
        finally
        {
            writer.Dispose();
        }

        async Task<LedgerWriter> NextAsync(LedgerWriter written)
        {
            result.Add(await records.WriteSegmentAsync(generation, written.Objects, written.Complete(), cancel).ConfigureAwait(false));
            written.Dispose();
            return new LedgerWriter();
        }
    }

    // Where each object's last entry stands.
    private async Task<Dictionary<Ledger.Digest, int>> LastAsync(IReadOnlyList<LedgerSegment> segments, CancellationToken cancel)
    {
        var last = new Dictionary<Ledger.Digest, int>(segments.Sum(s => s.Objects));
        var position = 0;
        await VisitAsync(segments, (_, uri, _, _) => last[Ledger.Digest.Of(uri)] = position++, cancel).ConfigureAwait(false);
        return last;
    }

    /// <summary>Reads the documents in order, the next few on their way meanwhile.</summary>
    private async Task VisitAsync(IReadOnlyList<LedgerSegment> segments, LedgerReader.Visit visit, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var coming = new Queue<Task<ReadOnlyMemory<byte>>>();
        try
        {
            var next = 0;
            while (next < segments.Count || coming.Count > 0)
            {
                while (next < segments.Count && coming.Count < Ahead) coming.Enqueue(records.ReadSegmentAsync(segments[next++], stop.Token).AsTask());
                LedgerReader.Read(await coming.Dequeue().ConfigureAwait(false), visit);
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await ((Task)Task.WhenAll(coming)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
