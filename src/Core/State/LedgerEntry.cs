namespace Etl.Core.State;

/// <summary>What the ledger says of one object.</summary>
/// <param name="Uri">Its address.</param>
/// <param name="Version">The version whose rows are in the table; null when it is to be loaded again, whatever is in the table.</param>
/// <param name="Modified">When that version was modified; null in ledgers of the first layout.</param>
public readonly record struct LedgerEntry(string Uri, string? Version, DateTimeOffset? Modified);
