using Apache.Arrow;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Rows;
using Etl.Core.Schemas;

namespace Etl.Core.Transforms;

/// <summary>Keeps the first of the rows of an object that are the same in some columns. Objects are staged by several processes that know nothing of each other: rows of two objects are never compared.</summary>
public sealed class DeduplicateTransform(DeduplicateOptions options) : ITransform
{
    /// <summary>The most different keys of one object: 256 MiB of hashes.</summary>
    public const int MostKeys = 10_000_000;

    /// <inheritdoc/>
    public bool NeedsWholeObjects => true;

    /// <inheritdoc/>
    public BoundTransform Bind(TableSchema input)
    {
        ArgumentNullException.ThrowIfNull(input);
        int[] by = options.By.Count > 0
            ? [.. options.By.Select(name => NamedColumns.Find("deduplicate", "by", name, input))]
            : [.. Enumerable.Range(0, input.Columns.Count).Where(i => input.Columns[i].Metadata is null)];
        return new BoundTransform(input, begun =>
        {
            var seen = new HashSet128();
            return batch => Apply(batch, by, seen, begun);
        });
    }

    private static RecordBatch Apply(RecordBatch batch, int[] by, HashSet128 seen, TransformInput begun)
    {
        var hashes = new UInt128[batch.Length];
        RowHashes.Of([.. by.Select(batch.Column)], hashes);
        var kept = new int[batch.Length];
        var count = 0;
        for (var row = 0; row < hashes.Length; row++)
            if (seen.Add(hashes[row])) kept[count++] = row;
        if (seen.Count > MostKeys)
            throw new DataException($"deduplicate: {begun.ObjectName} has more than {MostKeys:N0} different rows, and no more are kept in memory. Nothing was loaded. Take out deduplicate and load with write: merge and a key, which keeps one row a key, or read smaller objects.");
        if (count == batch.Length) return batch;
        begun.Keep(kept.AsSpan(0, count));
        return RowTake.From(batch, kept.AsSpan(0, count));
    }
}
