using Etl.Core.Contracts;

namespace Etl.Core.Runs;

/// <summary>What a run did.</summary>
public sealed record RunSummary
{
    /// <summary>What it read and where to; null when there was nothing to do.</summary>
    public required RunManifest? Run { get; init; }

    /// <summary>Whether it finished a run that an earlier process left open.</summary>
    public required bool Resumed { get; init; }

    /// <summary>Objects listed that earlier runs had loaded.</summary>
    public required int AlreadyLoaded { get; init; }

    /// <summary>One receipt a split.</summary>
    public required IReadOnlyList<StageReceipt> Receipts { get; init; }

    /// <summary>One receipt a load sink.</summary>
    public required IReadOnlyList<LoadReceipt> Loads { get; init; }

    /// <summary>How each object is written, as far as sampled.</summary>
    public required IReadOnlyList<ObjectDialect> Dialects { get; init; }

    /// <summary>How many assertions about the staged rows were held before the load.</summary>
    public int Assertions { get; init; }

    /// <summary>Findings and warnings, one sentence each.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>How long each phase took.</summary>
    public required IReadOnlyList<(RunPhase Phase, TimeSpan Took)> Phases { get; init; }

    /// <summary>The counts of all receipts together.</summary>
    public RowCounts Rows => RowCounts.Sum(Receipts);
}
