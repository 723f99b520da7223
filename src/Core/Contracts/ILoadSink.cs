using Etl.Core.Runs;

namespace Etl.Core.Contracts;

/// <summary>Where staged files are loaded: once a run, all or nothing. Let exceptions escape.</summary>
public interface ILoadSink
{
    /// <summary>What its options make of the rows that are in the table already.</summary>
    LoadTerms Terms { get; }

    /// <summary>
    /// Called by the planner, before anything is staged: makes sure that a load of <paramref name="run"/> can work, and changes nothing. What it cannot do is refused here: a format of staged files it
    /// does not read (<see cref="RunManifest.Encoding"/>), a type it does not keep, objects to be replaced (<see cref="RunManifest.Replaces"/>), a target that is missing or laid out in another way.
    /// </summary>
    /// <exception cref="Errors.ServiceException">The target is missing or refuses.</exception>
    /// <exception cref="Errors.DataException">The columns or the staged format do not fit the target.</exception>
    ValueTask CheckAsync(RunManifest run, CancellationToken cancel);

    /// <summary>Loads every staged file atomically; the table is first changed as <see cref="RunManifest.Schema"/> needs it and its columns' contracts allow. Called again for the same run, it finds the first load and returns its receipt: the load's identity follows from <see cref="RunManifest.RunId"/>.</summary>
    ValueTask<LoadReceipt> CommitAsync(RunManifest run, IReadOnlyList<StageReceipt> receipts, CancellationToken cancel);
}

/// <summary>What a load did.</summary>
/// <param name="Target">The table, as its service names it.</param>
/// <param name="Job">The load's identity at the service.</param>
/// <param name="Rows">Rows taken from the staged files, by the service's own count. With <paramref name="Changes"/> the table may hold fewer of them.</param>
/// <param name="Query">A command a person can run next to see the rows, ready for a shell.</param>
/// <param name="Changes">What became of the table's rows, where a load does more than add all or replace all; null otherwise.</param>
public sealed record LoadReceipt(string Target, string Job, long Rows, string Query, RowChanges? Changes = null);

/// <summary>What a load did to a table's rows, by the service's own count.</summary>
/// <param name="Inserted">Rows added.</param>
/// <param name="Updated">Rows whose values were overwritten.</param>
/// <param name="Deleted">Rows removed.</param>
public sealed record RowChanges(long Inserted, long Updated, long Deleted);
