using System.Text.Json.Serialization;
using Etl.Core.Schemas;

namespace Etl.Core.State;

/// <summary>What a pipeline remembers between runs, and who is at work on it: one small document. Only the holder of the lease writes it, each time on the condition that nobody else did.</summary>
/// <param name="Version">The layout of this record: <see cref="CurrentVersion"/> when it was written. A reader refuses a newer one.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record PipelineState(int Version)
{
    /// <summary>The layout this version of Etl writes.</summary>
    public const int CurrentVersion = 2;

    /// <summary>What a pipeline that never ran remembers.</summary>
    public static PipelineState Empty { get; } = new(CurrentVersion);

    /// <summary>How often the lease was taken: each holder's number, higher than all before.</summary>
    public long Generation { get; init; }

    /// <summary>Who is at work, or null.</summary>
    public Lease? Lease { get; init; }

    /// <summary>The last run that was committed.</summary>
    public string? LastRun { get; init; }

    /// <summary>When it was.</summary>
    public DateTimeOffset? LastCommit { get; init; }

    /// <summary>A run that was planned and not committed yet; the next run finishes or abandons it first.</summary>
    public OpenRun? Open { get; init; }

    /// <summary>How often somebody had objects loaded again: such a run must not be taken for the one that loaded them before.</summary>
    public int Repeats { get; init; }

    /// <summary>How far the pipeline has read; null without a watermark.</summary>
    public Watermark? Watermark { get; init; }

    /// <summary>The source's columns as they were last loaded, those that only earlier loads had after them; null before the first.</summary>
    public TableSchema? Columns { get; init; }

    /// <summary>What runs changed of the tables' columns, oldest first: the latest changes.</summary>
    public IReadOnlyList<SchemaChange> SchemaChanges { get; init; } = [];

    /// <summary>The documents of the ledger, oldest first: a later entry of an object replaces an earlier one.</summary>
    public IReadOnlyList<LedgerSegment> Ledger { get; init; } = [];

    /// <summary>The identity of what came before, for a new run's manifest.</summary>
    [JsonIgnore]
    public string? After => Repeats == 0 ? LastRun : $"{LastRun}/{Repeats}";
}

/// <summary>One document of the ledger.</summary>
/// <param name="Name">Its name below the pipeline's folder.</param>
/// <param name="Objects">How many entries it holds.</param>
/// <param name="Bytes">Its stored size.</param>
/// <param name="Sha256">SHA-256 of its stored bytes, in hex.</param>
public sealed record LedgerSegment(string Name, int Objects, long Bytes, string Sha256);

/// <summary>The first layout of <see cref="PipelineState"/>, with the whole ledger in it. Read, and written over in the present one by the next holder.</summary>
internal sealed record PipelineStateV1
{
    public string? LastRun { get; init; }

    public string? OpenRun { get; init; }

    public IReadOnlyDictionary<string, string> Loaded { get; init; } = new Dictionary<string, string>();
}
