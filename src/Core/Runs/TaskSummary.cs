namespace Etl.Core.Runs;

/// <summary>What one stage task did.</summary>
public sealed record TaskSummary
{
    /// <summary>The run it worked on; null when there was none to work on.</summary>
    public required RunManifest? Run { get; init; }

    /// <summary>Why there was none, or why the task ended before its share did: a sentence, else null.</summary>
    public required string? Note { get; init; }

    /// <summary>The splits of its share.</summary>
    public required int Splits { get; init; }

    /// <summary>One receipt a staged split. Fewer than <see cref="Splits"/> where the commit has to decide, or the run was over before.</summary>
    public required IReadOnlyList<StageReceipt> Receipts { get; init; }

    /// <summary>The counts of the receipts together.</summary>
    public RowCounts Rows => RowCounts.Sum(Receipts);
}
