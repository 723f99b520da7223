using System.Runtime.CompilerServices;
using Etl.Core.Compression;
using Etl.Core.Contracts;

namespace Etl.Core.Engine;

/// <summary>Reads the beginnings of objects to infer a schema from: spread evenly over the objects, several at a time, within a fixed amount of memory.</summary>
public sealed class Sampler(ISource source, TimeProvider time)
{
    private const int MaxObjects = 64;
    private const int MaxEntries = 16;
    private const int MaxTotalBytes = 32 << 20;
    private const int MaxBytesEach = 4 << 20;
    private const int Parallelism = 8;

    /// <summary>The samples, in object order.</summary>
    public async IAsyncEnumerable<Sample> SampleAsync(IReadOnlyList<SourceObject> objects, [EnumeratorCancellation] CancellationToken cancel)
    {
        var chosen = Choose(objects);
        var bytesEach = Math.Min(MaxBytesEach, MaxTotalBytes / Math.Max(1, chosen.Count));
        var pending = new Queue<Task<IReadOnlyList<Sample>>>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        try
        {
            var next = 0;
            while (next < chosen.Count || pending.Count > 0)
            {
                while (next < chosen.Count && pending.Count < Parallelism) pending.Enqueue(ReadAsync(chosen[next++], bytesEach, stop.Token));
                foreach (var sample in await pending.Dequeue().ConfigureAwait(false)) yield return sample;
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await ((Task)Task.WhenAll(pending)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static List<SourceObject> Choose(IReadOnlyList<SourceObject> objects) =>
        objects.Count <= MaxObjects ? [.. objects] : [.. Enumerable.Range(0, MaxObjects).Select(i => objects[(int)((long)i * (objects.Count - 1) / (MaxObjects - 1))])];

    private async Task<IReadOnlyList<Sample>> ReadAsync(SourceObject sampled, int bytes, CancellationToken cancel)
    {
        var stored = new ObjectStream(source, sampled, time);
        await using var _ = stored.ConfigureAwait(false);
        var samples = new List<Sample>();
        await foreach (var entry in Decompression.OpenAsync(stored, sampled.Uri, cancel).ConfigureAwait(false))
        {
            var buffer = new byte[bytes + 1];
            var read = await entry.Content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancel).ConfigureAwait(false);
            samples.Add(new Sample(sampled, entry.Name, buffer.AsMemory(0, Math.Min(read, bytes)), Complete: read <= bytes));
            if (samples.Count >= MaxEntries) break;
        }

        return samples;
    }
}
