using Apache.Arrow;
using Etl.Core.Contracts;

namespace Etl.TestSupport;

/// <summary>Runs a transform by itself.</summary>
public static class BoundTransforms
{
    /// <summary>What the transform makes of one batch.</summary>
    public static RecordBatch Apply(this BoundTransform bound, RecordBatch batch, TransformInput? input = null) => bound.Begin(input ?? new TransformInput("memory://a"))(batch);

    /// <summary>The rows of a batch, values parted by bars.</summary>
    public static List<string> Rows(this RecordBatch batch) =>
        [.. Enumerable.Range(0, batch.Length).Select(row => string.Join('|', batch.Arrays.Select(column => ArrowText.Of(column, row) ?? "NULL")))];
}
