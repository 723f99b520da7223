using System.Threading.Channels;
using Apache.Arrow;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Runs;
using Etl.Core.Schemas;

namespace Etl.Core.Engine;

/// <summary>
/// Writes the rows of one split into folders by the values of columns. Rows are held until there are <see cref="HeldBytes"/> of them; then the folder with
/// most gets a file of its rows. What is in which file follows from the data alone, so staging the split again writes the same files.
/// </summary>
internal sealed class PartitionWriter(IStagingSink sink, IEncoder encoder, RunManifest run, Split split, AttemptProgress progress)
{
    /// <summary>The most Arrow bytes held for a split.</summary>
    public const long HeldBytes = 64L << 20;

    /// <summary>The most folders of one split: more are a mistake, each with a file of its own.</summary>
    public const int MostFolders = 10_000;

    private readonly List<StagedFile> files = [];

    // Sorted, so that of two that are equally large always the same is written first.
    private readonly SortedDictionary<string, CollectedRows> held = new(StringComparer.Ordinal);

    /// <summary>Bytes held before a file is written.</summary>
    public long Most { get; init; } = HeldBytes;

    /// <summary>Writes everything the channel gives.</summary>
    /// <param name="name">What the files' names end with, before the number: it tells the split from others of the run.</param>
    /// <param name="batches">The batches.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="DataException">A value makes no folder, or there are too many.</exception>
    public async Task<IReadOnlyList<StagedFile>> WriteAsync(string name, ChannelReader<RecordBatch> batches, CancellationToken cancel)
    {
        var folders = new PartitionFolders(run.Schema, run.PartitionBy!);
        var schema = new TableSchema([.. folders.Kept.Select(i => run.Schema.Columns[i])]);
        var writer = new PartWriter(sink, encoder, schema, progress);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            await foreach (var batch in batches.ReadAllAsync(cancel).ConfigureAwait(false))
            {
                using (batch)
                    foreach (var (folder, rows) in folders.Of(batch))
                    {
                        if (seen.Add(folder) && seen.Count > MostFolders)
                            throw new DataException($"The rows of {split.Object.Uri} belong into more than {MostFolders:N0} folders by {string.Join(", ", run.PartitionBy!)}, each with a file of its own. Partition by a column with fewer values, such as a date.");
                        if (!held.TryGetValue(folder, out var collected)) held.Add(folder, collected = new CollectedRows(schema));
                        collected.Add(batch, folders.Kept, rows);
                    }

                while (held.Values.Sum(r => r.Bytes) > Most) await WriteAsync(writer, held.MaxBy(h => h.Value.Bytes).Key, name, cancel).ConfigureAwait(false);
            }

            while (held.Count > 0) await WriteAsync(writer, held.First().Key, name, cancel).ConfigureAwait(false);
            return files;
        }
        finally
        {
            foreach (var collected in held.Values) collected.Dispose();
        }
    }

    private async Task WriteAsync(PartWriter writer, string folder, string name, CancellationToken cancel)
    {
        var one = Channel.CreateBounded<RecordBatch>(1);
        using (var collected = held[folder])
            one.Writer.TryWrite(collected.Build());
        one.Writer.Complete();
        held.Remove(folder);
        try
        {
            // Readers take every folder on the way for a column, so the run is part of the file's name.
            var written = await writer.WriteAsync($"{run.Pipeline}/{folder}/{run.RunId}-{name}", files.Count, one.Reader, cancel).ConfigureAwait(false);
            files.AddRange(written.Select(f => f with { Partition = folder }));
        }
        finally
        {
            if (one.Reader.TryRead(out var left)) left.Dispose();
        }
    }
}
