using Apache.Arrow;
using Etl.Core.Schemas;

namespace Etl.Core.Contracts;

/// <summary>Writes batches as one file of a format. Called concurrently, one call a staged file, on a thread that may block. Let exceptions escape.</summary>
public interface IEncoder
{
    /// <summary>The file name's ending, with its dot, such as <c>.parquet</c> or <c>.csv.gz</c>.</summary>
    string Extension { get; }

    /// <summary>Writes batches, disposing each, until they end or one comes that this file cannot hold. The same batches give the same bytes. <paramref name="output"/> is only written, in order, and left open.</summary>
    /// <returns>The batch that the next file has to start with; null when all are written.</returns>
    ValueTask<RecordBatch?> EncodeAsync(IAsyncEnumerable<RecordBatch> batches, TableSchema schema, Stream output, CancellationToken cancel);
}
