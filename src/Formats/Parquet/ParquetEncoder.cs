using Apache.Arrow;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Schemas;
using ParquetSharp;

namespace Etl.Formats.Parquet;

/// <summary>
/// Parquet by the Arrow C++ writer. A row group is closed when its Arrow data reaches <see cref="RowGroupBytes"/>, so memory stays bounded whatever the
/// input; several are encoded side by side. How each column is written follows from the file's first row group. Nullability, time zones (isAdjustedToUTC)
/// and decimals are kept in the schema as BigQuery reads them (https://cloud.google.com/bigquery/docs/loading-data-cloud-storage-parquet).
/// </summary>
/// <param name="compression">Zstd, Snappy, Gzip or None.</param>
/// <param name="rowGroupBytes">Arrow bytes in a row group.</param>
/// <param name="anyBatch">Whether every file holds every batch, at the price of wider decimals.</param>
public sealed class ParquetEncoder(StagingCompression compression, long rowGroupBytes = ParquetEncoder.RowGroupBytes, bool anyBatch = false) : IEncoder
{
    /// <summary>Arrow bytes in a row group unless told otherwise: 8 MiB.</summary>
    public const long RowGroupBytes = 8L << 20;

    /// <inheritdoc/>
    public string Extension => ".parquet";

    /// <inheritdoc/>
    public async ValueTask<RecordBatch?> EncodeAsync(IAsyncEnumerable<RecordBatch> batches, TableSchema schema, Stream output, CancellationToken cancel)
    {
        if (schema.Columns.Count == 0)
            throw new DataException("A Parquet file needs at least one column, and the schema has none.");

        var target = new EncoderOutput(output, cancel);
        var group = new RowGroup();
        var queue = new RowGroupQueue(target, cancel);
        await using var _ = queue.ConfigureAwait(false);
        try
        {
            IReadOnlyList<ColumnPlan>? plan = null;
            RecordBatch? left = null;

            async ValueTask CloseGroupAsync()
            {
                plan ??= [.. schema.Columns.Select((c, i) => ColumnPlan.For(c, i, group, anyBatch))];
                var full = group;
                group = new RowGroup();
                await queue.AddAsync(full, new RowGroupEncoder(schema, plan, Codec)).ConfigureAwait(false);
            }

            await foreach (var batch in batches.WithCancellation(cancel).ConfigureAwait(false))
            {
                using var pieces = new BatchPieces(batch, rowGroupBytes);
                while (left is null && pieces.TryTake(out var piece, out var bytes))
                {
                    if (group.Bytes > 0 && group.Bytes + bytes > rowGroupBytes)
                        await CloseGroupAsync().ConfigureAwait(false);
                    if (plan is null || Holds(plan, piece))
                        group.Add(piece, bytes);
                    else
                        left = pieces.Back(piece);
                }

                if (left is not null)
                    break;
            }

            cancel.ThrowIfCancellationRequested();
            if (group.Rows > 0 || plan is null)
                await CloseGroupAsync().ConfigureAwait(false);
            await queue.CompleteAsync().ConfigureAwait(false);
            return left;
        }
        catch (Exception)
        {
            group.Dispose();
            target.Abandon();
            target.ThrowFailure();
            throw;
        }
    }

    private Compression Codec => compression switch
    {
        StagingCompression.Zstd => Compression.Zstd,
        StagingCompression.Snappy => Compression.Snappy,
        StagingCompression.Gzip => Compression.Gzip,
        StagingCompression.None => Compression.Uncompressed,
        _ => throw new InvalidOperationException($"Parquet compression {compression} was not resolved."),
    };

    private static bool Holds(IReadOnlyList<ColumnPlan> plan, RecordBatch batch)
    {
        for (var i = 0; i < plan.Count; i++)
        {
            if (!plan[i].Holds(batch.Column(i)))
                return false;
        }
        return true;
    }
}
