using Etl.Core.Contracts;

namespace Etl.Core.Runs;

/// <summary>What planning found.</summary>
/// <param name="Run">The manifest, or null when there is nothing to read.</param>
/// <param name="AlreadyLoaded">Objects listed that are not read.</param>
/// <param name="Dialects">How the sampled objects are written.</param>
/// <param name="Notes">Findings and warnings.</param>
public sealed record RunPlan(RunManifest? Run, int AlreadyLoaded, IReadOnlyList<ObjectDialect> Dialects, IReadOnlyList<string> Notes)
{
    /// <summary>Objects that are not read because the ledger has them, of a source that wants to know them.</summary>
    internal IReadOnlyList<SourceObject> Passed { get; init; } = [];

    /// <summary>Whether the run was opened before.</summary>
    public bool Resumed { get; init; }

    /// <summary>Why the columns have their types, without values; empty when the parser does not say.</summary>
    public IReadOnlyList<ColumnFinding> Findings { get; init; } = [];

    /// <summary>About how many bytes will be sent to the staging sink, from samples; null when that was not asked for, or cannot be told.</summary>
    public long? BytesToSend { get; init; }
}
