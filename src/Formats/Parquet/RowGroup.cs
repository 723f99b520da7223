using Apache.Arrow;

namespace Etl.Formats.Parquet;

/// <summary>The batches that make one row group. Owns them.</summary>
internal sealed class RowGroup : IDisposable
{
    private readonly List<RecordBatch> batches = [];

    /// <summary>The batches, in order.</summary>
    public IReadOnlyList<RecordBatch> Batches => batches;

    /// <summary>Rows in all of them.</summary>
    public int Rows { get; private set; }

    /// <summary>Bytes of Arrow data in all of them.</summary>
    public long Bytes { get; private set; }

    /// <summary>Takes over a batch.</summary>
    public void Add(RecordBatch batch, long bytes)
    {
        batches.Add(batch);
        Rows += batch.Length;
        Bytes += bytes;
    }

    /// <summary>One column of every batch.</summary>
    public IEnumerable<IArrowArray> Column(int index) => batches.Select(b => b.Column(index));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var batch in batches)
            batch.Dispose();
        batches.Clear();
    }
}
