using Etl.Core.Contracts;
using Etl.Core.Statistics;

namespace Etl.Core.Runs;

/// <summary>All that is known of one run, for a report that people look at.</summary>
public sealed record RunDetails
{
    /// <summary>What it read and where to.</summary>
    public required RunManifest Run { get; init; }

    /// <summary>What it did; null when it is not committed.</summary>
    public required RunReport? Report { get; init; }

    /// <summary>Why it ended before it was committed, for a person; null when it did not, or nobody knows.</summary>
    public string? Failure { get; init; }

    /// <summary>What planning found; null when nobody wrote it.</summary>
    public required PlanFindings? Findings { get; init; }

    /// <summary>The receipts of the splits that are staged.</summary>
    public required IReadOnlyList<StageReceipt> Receipts { get; init; }

    /// <summary>What the columns hold; without values where the pipeline's options say so.</summary>
    public required IReadOnlyList<ColumnStatistics> Columns { get; init; }

    /// <summary>The rejected rows.</summary>
    public required RejectSummary Rejects { get; init; }

    /// <summary>The runs committed before it, the last one first.</summary>
    public required IReadOnlyList<RunReport> Earlier { get; init; }

    /// <summary>What the pipeline says about reports.</summary>
    public required ReportOptions Options { get; init; }

    /// <summary>The counts of all receipts together.</summary>
    public RowCounts Rows => RowCounts.Sum(Receipts);
}

/// <summary>Rejected rows by reason.</summary>
/// <param name="Groups">Those with most rows first.</param>
/// <param name="Counted">How many rows the groups have together: fewer than were rejected where there were too many to read, or their files are gone.</param>
public sealed record RejectSummary(IReadOnlyList<RejectGroup> Groups, long Counted);

/// <summary>Rejected rows of one reason.</summary>
/// <param name="Kind">The reason's kind, such as <c>type</c>.</param>
/// <param name="Column">The column at fault, or null when the whole row is.</param>
/// <param name="Reason">The reason, without any value.</param>
/// <param name="Rows">How many.</param>
/// <param name="Places">Where the first few are; never what they say.</param>
public sealed record RejectGroup(string Kind, string? Column, string Reason, long Rows, IReadOnlyList<RowPlace> Places);

/// <summary>Where a row is.</summary>
/// <param name="Object">The object's address.</param>
/// <param name="Line">Its line.</param>
/// <param name="Byte">The byte it starts at.</param>
public sealed record RowPlace(string Object, long Line, long Byte);
