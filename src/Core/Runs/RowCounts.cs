namespace Etl.Core.Runs;

/// <summary>Rows read = staged + rejected + filtered. Null where nobody counted (<c>passthrough</c>).</summary>
public readonly record struct RowCounts(long? Read, long? Staged, long? Rejected, long? Filtered)
{
    /// <summary>Whether every row read is accounted for.</summary>
    public bool AddUp => Read is null || Read == Staged + Rejected + Filtered;

    /// <summary>The counts of several receipts together.</summary>
    public static RowCounts Sum(IReadOnlyList<StageReceipt> receipts) =>
        receipts.Any(r => r.RowsRead is null) ? default
        : new RowCounts(receipts.Sum(r => r.RowsRead), receipts.Sum(r => r.RowsStaged), receipts.Sum(r => r.RowsRejected), receipts.Sum(r => r.RowsFiltered));
}
