using Apache.Arrow;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Runs;
using Etl.Core.Schemas;

namespace Etl.Core.Engine;

/// <summary>The key columns of the sinks that merge: a row without a value in one cannot be told from another, so none is staged.</summary>
internal static class MergeKey
{
    /// <summary>Their positions.</summary>
    public static IReadOnlyList<int> Of(IEnumerable<ILoadSink> loads, TableSchema schema) =>
        [.. loads.SelectMany(l => l.Terms.Key).Select(schema.IndexOf).Where(i => i >= 0).Distinct()];

    /// <exception cref="DataException">A row of the batch has no value in a key column.</exception>
    public static void Check(RecordBatch batch, IReadOnlyList<int> key, TableSchema schema, Split split)
    {
        foreach (var index in key)
            if (batch.Column(index).NullCount > 0)
                throw new DataException($"{split.Object.Uri} has rows without a value in {schema.Columns[index].Name}, which is part of the key that rows are merged by, so nothing was loaded. Declare the column with `nullable: false` under csv: columns, and such rows are rejected into the dead letters (as far as rejects.max allows), or choose another key.");
    }
}
