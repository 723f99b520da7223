using Apache.Arrow;
using Etl.Core.Schemas;

namespace Etl.Core.Contracts;

/// <summary>A change of columns or rows. Bound once at plan time, so that a wrong column name fails before anything is read; let exceptions escape.</summary>
public interface ITransform
{
    /// <summary>Checks itself against the columns it will get.</summary>
    /// <exception cref="Errors.DataException">It names a column that is not there, or one of the wrong type.</exception>
    BoundTransform Bind(TableSchema input);
}

/// <summary>A transform ready to run.</summary>
/// <param name="Output">The columns it gives.</param>
/// <param name="Apply">Pure, and called concurrently: takes over the batch it is given and returns one of <paramref name="Output"/> with as many rows or fewer.</param>
public sealed record BoundTransform(TableSchema Output, Func<RecordBatch, RecordBatch> Apply);
