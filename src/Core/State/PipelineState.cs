namespace Etl.Core.State;

/// <summary>What a pipeline remembers between runs. Moved last, after the load.</summary>
public sealed record PipelineState
{
    /// <summary>The layout of this record; a reader refuses a newer one.</summary>
    public const int CurrentVersion = 1;

    /// <summary><see cref="CurrentVersion"/> when it was written.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>The last run that was committed.</summary>
    public string? LastRun { get; init; }

    /// <summary>A run that was planned and not committed yet; the next run finishes it first.</summary>
    public string? OpenRun { get; init; }

    /// <summary>The ledger: the version of each object whose rows are in the table, by URI.</summary>
    public IReadOnlyDictionary<string, string> Loaded { get; init; } = new SortedDictionary<string, string>(StringComparer.Ordinal);
}
