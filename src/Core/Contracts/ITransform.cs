using Apache.Arrow;
using Etl.Core.Schemas;

namespace Etl.Core.Contracts;

/// <summary>A change of columns or rows. Bound once at plan time, so that a wrong column name fails before anything is read; let exceptions escape.</summary>
public interface ITransform
{
    /// <summary>Checks itself against the columns it will get.</summary>
    /// <exception cref="Errors.DataException">It names a column that is not there, or one of the wrong type.</exception>
    BoundTransform Bind(TableSchema input);

    /// <summary>Whether it has to see each object from its first row to its last: large objects are then not divided.</summary>
    bool NeedsWholeObjects => false;
}

/// <summary>A transform ready to run.</summary>
/// <param name="Output">The columns it gives.</param>
/// <param name="Begin">Called for each split that is read, splits side by side. What it gives is called for the split's batches, in order and one at a time: it takes over the batch it is given and returns one of <paramref name="Output"/> with as many rows or fewer, in their order. What it remembers must follow from the split's rows alone: a split may be read again.</param>
public sealed record BoundTransform(TableSchema Output, Func<TransformInput, Func<RecordBatch, RecordBatch>> Begin)
{
    /// <summary>A transform that remembers nothing and rejects no row.</summary>
    /// <param name="output">The columns it gives.</param>
    /// <param name="apply">Pure, and called concurrently: takes over the batch it is given and returns one of <paramref name="output"/> with as many rows or fewer, in their order.</param>
    public BoundTransform(TableSchema output, Func<RecordBatch, RecordBatch> apply)
        : this(output, _ => apply)
    {
    }

    /// <summary>Whether it says where rows are (<see cref="TransformInput.Place"/>, <see cref="TransformInput.Reject"/>): the parser is then asked for it.</summary>
    public bool WantsPlaces { get; init; }
}
