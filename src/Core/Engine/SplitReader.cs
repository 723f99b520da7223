using System.Runtime.CompilerServices;
using Apache.Arrow;
using Etl.Core.Compression;
using Etl.Core.Contracts;
using Etl.Core.Schemas;

namespace Etl.Core.Engine;

/// <summary>Reads one object into transformed batches: open → decompress → parse → transform, reading ahead of the parser.</summary>
internal sealed class SplitReader(ISource source, SourceObject read, IParser parser, IReadOnlyList<BoundTransform> transforms, TimeProvider time) : IAsyncDisposable
{
    private readonly ObjectStream stored = new(source, read, time);

    /// <summary>What the parser counted.</summary>
    public ParseTally Tally { get; } = new();

    /// <summary>Rows that transforms left out.</summary>
    public long RowsFiltered { get; private set; }

    /// <summary>Stored bytes read.</summary>
    public long BytesRead => stored.BytesRead;

    /// <summary>The batches, none of them empty. The receiver disposes each.</summary>
    public async IAsyncEnumerable<RecordBatch> ReadAsync(TableSchema schema, IDeadLetters rejects, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var entry in Decompression.OpenAsync(stored, read.Uri, cancel).ConfigureAwait(false))
        {
            var ahead = new ReadAheadStream(entry.Content, cancel);
            await using var _ = ahead.ConfigureAwait(false);
            await foreach (var parsed in parser.ParseAsync(new SplitInput(read, entry.Name, ahead, Tally), schema, rejects, cancel).ConfigureAwait(false))
            {
                var rows = parsed.Length;
                var batch = transforms.Aggregate(parsed, (current, transform) => transform.Apply(current));
                RowsFiltered += rows - batch.Length;
                if (batch.Length > 0) yield return batch;
                else batch.Dispose();
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => stored.DisposeAsync();
}
