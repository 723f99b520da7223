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
        var transformed = new TransformInput(read.Uri) { Repairs = Tally.Repairs };
        Func<RecordBatch, RecordBatch>[] apply = [.. transforms.Select(t => t.Begin(transformed))];
        var wantsPlaces = metadata?.WantsPlaces == true || transforms.Any(t => t.WantsPlaces);
        await foreach (var input in OpenAsync(cancel).ConfigureAwait(false))
        {
            var ahead = new ReadAheadStream(input.Content, cancel);
            await using var _ = ahead.ConfigureAwait(false);
            var opened = input with { Content = parser.ReadsStored ? input.Content : ahead, Places = wantsPlaces ? new RowPlaces() : null };
            await foreach (var parsed in parser.ParseAsync(opened, metadata?.Parsed ?? schema, rejects, cancel).ConfigureAwait(false))
            {
                var rows = parsed.Length;
                var places = opened.Places?.Take(rows);
                transformed.Enter(read.NameOf(input.Entry), places, opened.Places?.LineFrom);
                var batch = Transform(metadata?.Attach(parsed, opened, places ?? []) ?? parsed, apply, transformed);
                var rejected = transformed.TakeRejects();
                RowsFiltered += rows - batch.Length - rejected.Length;
                foreach (var reject in rejected) await rejects.RejectAsync(reject, cancel).ConfigureAwait(false);
                if (batch.Length > 0) yield return batch;
                else batch.Dispose();
            }
        }
    }

    private RecordBatch Transform(RecordBatch batch, Func<RecordBatch, RecordBatch>[] apply, TransformInput input)
    {
        for (var i = 0; i < apply.Length; i++)
        {
            if (i == apply.Length - 1 && Discards.Count > 0) CountDiscards(batch);
            batch = apply[i](batch);
            input.Leave(batch.Length);
        }

        return batch;
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
            await foreach (var entry in Decompression.OpenAsync(stored, read.Uri, cancel, limits, parser.ReadsStored).ConfigureAwait(false))
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
