using System.Runtime.InteropServices;
using Apache.Arrow;
using Etl.Core.Schemas;

namespace Etl.Core.Engine;

/// <summary>Rows picked from batches, to become a batch of their own.</summary>
/// <param name="schema">Its columns.</param>
internal sealed class CollectedRows(TableSchema schema) : IDisposable
{
    private readonly CollectedColumn[] columns = [.. schema.Columns.Select(c => new CollectedColumn(c.Type.ToArrow()))];
    private int rows;

    /// <summary>Bytes of memory that they take.</summary>
    public long Bytes => columns.Sum(c => c.Bytes);

    /// <summary>Adds <paramref name="picked"/> of <paramref name="batch"/>, whose columns at <paramref name="places"/> are the ones of this.</summary>
    public void Add(RecordBatch batch, IReadOnlyList<int> places, List<int> picked)
    {
        for (var i = 0; i < columns.Length; i++) columns[i].Add(batch.Column(places[i]), CollectionsMarshal.AsSpan(picked));
        rows += picked.Count;
    }

    /// <summary>The batch. Nothing can be added afterwards.</summary>
    public RecordBatch Build() => new(schema.ToArrow(), [.. columns.Select(c => c.Build())], rows);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var column in columns) column.Dispose();
    }
}
