using System.Runtime.CompilerServices;
using Apache.Arrow;
using Etl.Core.Compression;
using Etl.Core.Contracts;
using Etl.Core.Schemas;

namespace Etl.Core.Engine;

/// <summary>Reads one object into transformed batches: open → decompress → parse → transform, reading ahead of the parser.</summary>
/// <param name="source">Where the object is.</param>
/// <param name="read">The object.</param>
/// <param name="range">Its bytes.</param>
/// <param name="start">For a range that does not start at 0: where its first record starts, when that is known.</param>
/// <param name="parser">What reads it.</param>
/// <param name="transforms">What changes the rows, in order.</param>
/// <param name="time">The clock.</param>
/// <param name="limits">What it may unpack to; null for the default.</param>
/// <param name="metadata">What adds metadata columns; null for none.</param>
internal sealed class SplitReader(ISource source, SourceObject read, ByteRange range, SplitStart? start, IParser parser, IReadOnlyList<BoundTransform> transforms, TimeProvider time, UnpackLimits? limits = null, MetadataColumns? metadata = null) : IAsyncDisposable
{
    private readonly ObjectStream stored = new(source, read, time);
    private readonly ObjectStream head = new(source, read, time);

    /// <summary>The columns that the last transform leaves out because the contract says so: their values are counted.</summary>
    public IReadOnlyList<string> Discards { get; init; } = [];

    /// <summary>What the parser counted.</summary>
    public ParseTally Tally { get; } = new();

    /// <summary>Rows that transforms left out.</summary>
    public long RowsFiltered { get; private set; }

    /// <summary>Stored bytes read.</summary>
    public long BytesRead => stored.BytesRead + head.BytesRead;

    /// <summary>The batches, none of them empty. The receiver disposes each.</summary>
    public async IAsyncEnumerable<RecordBatch> ReadAsync(TableSchema schema, IDeadLetters rejects, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var input in OpenAsync(cancel).ConfigureAwait(false))
        {
            var ahead = new ReadAheadStream(input.Content, cancel);
            await using var _ = ahead.ConfigureAwait(false);
            var opened = input with { Content = ahead, Places = metadata?.WantsPlaces == true ? new RowPlaces() : null };
            await foreach (var parsed in parser.ParseAsync(opened, metadata?.Parsed ?? schema, rejects, cancel).ConfigureAwait(false))
            {
                var rows = parsed.Length;
                var batch = metadata?.Attach(parsed, opened) ?? parsed;
                for (var i = 0; i < transforms.Count; i++)
                {
                    if (i == transforms.Count - 1 && Discards.Count > 0) CountDiscards(batch);
                    batch = transforms[i].Apply(batch);
                }

                RowsFiltered += rows - batch.Length;
                if (batch.Length > 0) yield return batch;
                else batch.Dispose();
            }
        }
    }

    private void CountDiscards(RecordBatch batch)
    {
        foreach (var name in Discards)
            if (batch.Column(name) is { } column && column.Length > column.NullCount)
                Tally.Discarded[name] = Tally.Discarded.GetValueOrDefault(name) + column.Length - column.NullCount;
    }

    private async IAsyncEnumerable<SplitInput> OpenAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        if (range == ByteRange.All)
        {
            await foreach (var entry in Decompression.OpenAsync(stored, read.Uri, cancel, limits).ConfigureAwait(false))
                yield return new SplitInput(read, entry.Name, entry.Content, Tally) { OpenStored = entry is { Name: null, Compression: CompressionKind.None } ? () => head : null };
            yield break;
        }

        stored.Position = start?.Offset ?? range.Offset;
        var part = new SplitPart(stored.Position, range.Offset + range.Length!.Value, start is not null || range.Offset == 0, range.Offset == 0 ? null : head) { StartsIn = start?.StartsIn };
        yield return new SplitInput(read, null, stored, Tally) { Part = part };
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stored.DisposeAsync().ConfigureAwait(false);
        await head.DisposeAsync().ConfigureAwait(false);
    }
}
