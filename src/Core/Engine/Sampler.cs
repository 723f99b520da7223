using System.Runtime.CompilerServices;
using Etl.Core.Compression;
using Etl.Core.Contracts;

namespace Etl.Core.Engine;

/// <summary>Reads pieces of objects to infer a schema from: spread evenly over the objects, several at a time, within a fixed amount of memory; or everything, one object after another.</summary>
public sealed class Sampler(ISource source, IParser parser, TimeProvider time, UnpackLimits? limits = null)
{
    private const int MaxObjects = 64;
    private const int MaxEntries = 16;
    private const int MaxTotalBytes = 32 << 20;
    private const int MaxBytesEach = 4 << 20;
    private const int LaterPieceBytes = 256 << 10;
    private const int Parallelism = 8;

    /// <summary>The samples, in object order: the beginning of each chosen object, and a piece of the middle and the end of those that are large and not compressed.</summary>
    public async IAsyncEnumerable<Sample> SampleAsync(IReadOnlyList<SourceObject> objects, [EnumeratorCancellation] CancellationToken cancel)
    {
        var chosen = Choose(objects);
        if (parser.ReadsStored)
        {
            await foreach (var sample in StoredAsync(chosen, chosen.Count < objects.Count, cancel).ConfigureAwait(false)) yield return sample;
            yield break;
        }

        var bytesEach = Math.Min(MaxBytesEach, MaxTotalBytes / Math.Max(1, chosen.Count));
        var pending = new Queue<Task<IReadOnlyList<Sample>>>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        try
        {
            var next = 0;
            while (next < chosen.Count || pending.Count > 0)
            {
                while (next < chosen.Count && pending.Count < Parallelism) pending.Enqueue(ReadAsync(chosen[next++], bytesEach, chosen.Count < objects.Count, stop.Token));
                foreach (var sample in await pending.Dequeue().ConfigureAwait(false)) yield return sample;
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await ((Task)Task.WhenAll(pending)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>All objects from their first byte to their last, in object order, as samples with a <see cref="Sample.Rest"/>.</summary>
    public async IAsyncEnumerable<Sample> WholeAsync(IReadOnlyList<SourceObject> objects, [EnumeratorCancellation] CancellationToken cancel)
    {
        if (parser.ReadsStored)
        {
            await foreach (var sample in StoredAsync(objects, omitsOthers: false, cancel).ConfigureAwait(false)) yield return sample;
            yield break;
        }

        foreach (var read in objects)
        {
            var stored = new ObjectStream(source, read, time);
            await using var _ = stored.ConfigureAwait(false);
            await foreach (var entry in Decompression.OpenAsync(stored, read.Uri, cancel, limits).ConfigureAwait(false))
            {
                var head = new byte[MaxBytesEach];
                var length = await entry.Content.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancel).ConfigureAwait(false);
                var sample = new Sample(read, entry.Name, head.AsMemory(0, length), Complete: length < head.Length) { IsPlain = IsPlain(entry), OpenStored = Opener(entry, read) };
                yield return sample.Complete ? sample : sample with { Rest = entry.Content };
            }
        }
    }

    // What such a parser wants of an object, it reads itself.
    private async IAsyncEnumerable<Sample> StoredAsync(IReadOnlyList<SourceObject> objects, bool omitsOthers, [EnumeratorCancellation] CancellationToken cancel)
    {
        foreach (var read in objects)
        {
            var stored = new ObjectStream(source, read, time);
            await using var _ = stored.ConfigureAwait(false);
            await foreach (var entry in Decompression.OpenAsync(stored, read.Uri, cancel, limits, asStored: true).ConfigureAwait(false))
            {
                var unpacked = (entry.Content as MemoryStream)?.ToArray();
                yield return new Sample(read, null, ReadOnlyMemory<byte>.Empty, Complete: false)
                {
                    IsPlain = IsPlain(entry),
                    OpenStored = unpacked is null ? Opener(entry, read) : () => new MemoryStream(unpacked, writable: false),
                    OmitsOthers = omitsOthers,
                };
            }
        }
    }

    private static bool IsPlain(ContentEntry entry) => entry is { Name: null, Compression: CompressionKind.None };

    private Func<Stream>? Opener(ContentEntry entry, SourceObject read) => IsPlain(entry) ? () => new ObjectStream(source, read, time) : null;

    private static List<SourceObject> Choose(IReadOnlyList<SourceObject> objects) =>
        objects.Count <= MaxObjects ? [.. objects] : [.. Enumerable.Range(0, MaxObjects).Select(i => objects[(int)((long)i * (objects.Count - 1) / (MaxObjects - 1))])];

    private async Task<IReadOnlyList<Sample>> ReadAsync(SourceObject sampled, int bytes, bool omitsOthers, CancellationToken cancel)
    {
        var stored = new ObjectStream(source, sampled, time);
        await using var _ = stored.ConfigureAwait(false);
        var samples = new List<Sample>();
        var plain = false;
        await foreach (var entry in Decompression.OpenAsync(stored, sampled.Uri, cancel, limits).ConfigureAwait(false))
        {
            var buffer = new byte[bytes + 1];
            var read = await entry.Content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancel).ConfigureAwait(false);
            plain = IsPlain(entry);
            samples.Add(new Sample(sampled, entry.Name, buffer.AsMemory(0, Math.Min(read, bytes)), Complete: read <= bytes) { IsPlain = plain, OpenStored = Opener(entry, sampled), OmitsOthers = omitsOthers || samples.Count + 1 == MaxEntries });
            if (samples.Count >= MaxEntries) break;
        }

        var later = Math.Min(LaterPieceBytes, bytes / 4);
        if (plain && sampled.Length > bytes + 2 * later)
        {
            // What comes last is often unlike what comes first: totals, another exporter's rows, values that grew.
            foreach (var offset in (long[])[bytes + (sampled.Length - bytes - later) / 2, sampled.Length - later])
            {
                var piece = new byte[later];
                stored.Position = offset;
                await stored.ReadExactlyAsync(piece, cancel).ConfigureAwait(false);
                samples.Add(new Sample(sampled, null, piece, Complete: false) { Offset = offset, IsPlain = true });
            }
        }

        return samples;
    }
}
