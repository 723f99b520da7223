namespace Etl.Core.Contracts;

/// <summary>
/// A source that lists an object only until it is told that the object was dealt with, as a queue does with its messages. It goes with <see cref="IncrementalMode.Objects"/>: what it lists a second
/// time (because a process died before it could say so) is known by the ledger. Let exceptions escape.
/// </summary>
public interface IAcknowledgedSource : ISource
{
    /// <summary>What a person should know of the last listing. Read by the planner after it.</summary>
    IReadOnlyList<string> Notes { get; }

    /// <summary>
    /// Called by the holder of the pipeline's lease, one call at a time: after planning, with those listed objects that the ledger has, and once the state says that a run is committed, with its objects.
    /// What was not listed by this source, or was acknowledged before, is left alone. When it throws, the run is no worse for it: the objects are listed again.
    /// </summary>
    /// <exception cref="Errors.ServiceException">The service refused or failed.</exception>
    ValueTask AcknowledgeAsync(IReadOnlyCollection<SourceObject> objects, CancellationToken cancel);
}
