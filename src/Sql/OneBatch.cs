using Apache.Arrow;
using Apache.Arrow.Ipc;

namespace Etl.Sql;

/// <summary>A stream of one batch, or of none. The batch stays whoever's it was.</summary>
internal sealed class OneBatch(Schema schema, RecordBatch? batch) : IArrowArrayStream
{
    private RecordBatch? next = batch;

    public Schema Schema => schema;

    public ValueTask<RecordBatch> ReadNextRecordBatchAsync(CancellationToken cancellationToken = default)
    {
        var read = next;
        next = null;
        return new ValueTask<RecordBatch>(read!);
    }

    public void Dispose()
    {
    }
}
