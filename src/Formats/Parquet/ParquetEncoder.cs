using Apache.Arrow;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Schemas;
using ParquetSharp;
using ParquetSharp.Arrow;

namespace Etl.Formats.Parquet;

/// <summary>
/// Parquet by the Arrow C++ writer. A row group is closed when its Arrow data reaches <see cref="RowGroupBytes"/>, so memory stays bounded whatever the
/// input. Nullability, time zones (isAdjustedToUTC) and decimals are kept in the schema as BigQuery reads them
/// (https://cloud.google.com/bigquery/docs/loading-data-cloud-storage-parquet).
/// </summary>
/// <param name="compression">Zstd, Snappy, Gzip or None.</param>
/// <param name="rowGroupBytes">Arrow bytes in a row group.</param>
public sealed class ParquetEncoder(StagingCompression compression, long rowGroupBytes = ParquetEncoder.RowGroupBytes) : IEncoder
{
    /// <summary>Arrow bytes in a row group unless told otherwise: 32 MiB.</summary>
    public const long RowGroupBytes = 32L << 20;

    /// <inheritdoc/>
    public string Extension => ".parquet";

    /// <inheritdoc/>
    public async ValueTask EncodeAsync(IAsyncEnumerable<RecordBatch> batches, TableSchema schema, Stream output, CancellationToken cancel)
    {
        if (schema.Columns.Count == 0)
            throw new DataException("A Parquet file needs at least one column, and the schema has none.");

        var target = new EncoderOutput(output, cancel);
        FileWriter? writer = null;
        try
        {
            var group = 0L;
            await foreach (var batch in batches.WithCancellation(cancel).ConfigureAwait(false))
            {
                using (batch)
                {
                    writer ??= Open(schema, batch, target);
                    group = Write(writer, batch, group, cancel);
                }
            }

            cancel.ThrowIfCancellationRequested();
            writer ??= Open(schema, null, target);
            writer.Close();
        }
        catch (Exception)
        {
            target.Abandon();
            target.ThrowFailure();
            throw;
        }
        finally
        {
            Release(writer);
        }
    }

    private long Write(FileWriter writer, RecordBatch batch, long group, CancellationToken cancel)
    {
        if (batch.Length == 0)
            return group;
        var size = BatchSize.Of(batch);
        var rows = (int)Math.Clamp(batch.Length * (double)rowGroupBytes / Math.Max(size, 1), 1, batch.Length);
        for (var start = 0; start < batch.Length; start += rows)
        {
            cancel.ThrowIfCancellationRequested();
            var count = Math.Min(rows, batch.Length - start);
            var bytes = size * count / batch.Length;
            if (group > 0 && group + bytes > rowGroupBytes)
            {
                writer.NewBufferedRowGroup();
                group = 0;
            }

            if (count == batch.Length)
            {
                writer.WriteBufferedRecordBatch(batch);
            }
            else
            {
                using var piece = batch.SliceShared(start, count);
                writer.WriteBufferedRecordBatch(piece);
            }

            group += bytes;
        }

        return group;
    }

    private FileWriter Open(TableSchema schema, RecordBatch? first, Stream target)
    {
        using var builder = new WriterPropertiesBuilder();
        builder
            .CreatedBy("Etl")
            .Version(ParquetVersion.PARQUET_2_6)
            .MaxRowGroupLength(16 << 20)
            .EnableDictionary()
            .Compression(compression switch
            {
                StagingCompression.Zstd => Compression.Zstd,
                StagingCompression.Snappy => Compression.Snappy,
                StagingCompression.Gzip => Compression.Gzip,
                StagingCompression.None => Compression.Uncompressed,
                _ => throw new InvalidOperationException($"Parquet compression {compression} was not resolved."),
            });
        if (compression == StagingCompression.Zstd)
            builder.CompressionLevel(1);
        if (first is not null)
            for (var i = 0; i < schema.Columns.Count; i++)
                if (DictionaryChoice.IsWasted(first.Column(i)))
                {
                    using var path = new ParquetSharp.Schema.ColumnPath([schema.Columns[i].Name]);
                    builder.DisableDictionary(path);
                }

        using var properties = builder.Build();
        using var arrow = new ArrowWriterPropertiesBuilder();
        using var arrowProperties = arrow.Build();
        return new FileWriter(target, schema.ToArrow(), properties, arrowProperties, leaveOpen: true);
    }

    private static void Release(FileWriter? writer)
    {
        try
        {
            writer?.Dispose();
        }
        catch (ParquetException)
        {
            // A writer that has failed fails again when it is closed; the first failure is the one that counts.
        }
    }
}
