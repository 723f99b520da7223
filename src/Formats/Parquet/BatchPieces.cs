using System.Diagnostics.CodeAnalysis;
using Apache.Arrow;

namespace Etl.Formats.Parquet;

/// <summary>A batch in pieces of at most a row group: the batch itself, mostly. Whoever takes a piece disposes it; disposing this disposes what nobody took.</summary>
internal sealed class BatchPieces : IDisposable
{
    private readonly RecordBatch batch;
    private readonly long bytes;
    private readonly int rows;
    private int next;
    private bool shared;

    public BatchPieces(RecordBatch batch, long mostBytes)
    {
        this.batch = batch;
        bytes = BatchSize.Of(batch);
        rows = (int)Math.Clamp(batch.Length * (double)mostBytes / Math.Max(bytes, 1), 1, Math.Max(1, batch.Length));
        shared = rows < batch.Length;
    }

    /// <summary>The next piece with the bytes of its values.</summary>
    public bool TryTake([NotNullWhen(true)] out RecordBatch? piece, out long pieceBytes)
    {
        piece = null;
        pieceBytes = 0;
        if (next >= batch.Length)
            return false;
        var count = Math.Min(rows, batch.Length - next);
        piece = shared ? batch.SliceShared(next, count) : batch;
        pieceBytes = bytes * count / batch.Length;
        next += count;
        return true;
    }

    /// <summary>All rows from the piece that was taken last on, as one batch.</summary>
    public RecordBatch Back(RecordBatch piece)
    {
        if (!shared)
            return batch;
        var start = next - piece.Length;
        piece.Dispose();
        next = batch.Length;
        return batch.SliceShared(start, batch.Length - start);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (shared || next == 0)
            batch.Dispose();
    }
}
