namespace Etl.Core.Contracts;

/// <summary>A load sink whose table has columns of its own, which a run's columns are made to fit. Without it, a table is taken to be new with every run. Let exceptions escape.</summary>
public interface IDescribedTable
{
    /// <summary>Called by the planner before <see cref="ILoadSink.CheckAsync"/>: the table as it is now. Changes nothing.</summary>
    /// <exception cref="Errors.ServiceException">The service refuses or fails.</exception>
    ValueTask<TargetTable> DescribeAsync(CancellationToken cancel);
}
