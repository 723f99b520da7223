using System.ComponentModel;
using Etl.Core.Pipelines;

namespace Etl.Core.Contracts;

/// <summary>Which objects a run reads.</summary>
public sealed record IncrementalOptions
{
    /// <summary>How objects loaded before are told from new ones.</summary>
    [Description("Which objects a run reads: objects (those not loaded before), watermark (those beyond the furthest read), full (all). Default: objects; full with write: replace and replace_partitions.")]
    public IncrementalMode? Mode { get; init; }

    /// <summary>What the watermark is of.</summary>
    [Description("What the watermark is of: the objects' keys in order, or the time they were modified.")]
    public WatermarkBy By { get; init; } = WatermarkBy.Key;

    /// <summary>How late an object may turn up.</summary>
    [Description("With a watermark of modified: how much earlier than the latest time seen an object may be and still be new; the ledger keeps the objects of that span. An upload in parts bears the time it began.")]
    public Duration Lookback { get; init; } = Duration.FromDays(1);

    /// <summary>What to do with an object that changed after it was loaded.</summary>
    [Description("What to do with an object that changed after it was loaded: error, skip (the rows that were loaded stay), replace (its rows take the place of those; needs metadata: [object]), load (its rows are merged, or replace their partitions). Default: load with write: merge and replace_partitions, else error.")]
    public ChangedObject? Changed { get; init; }
}

/// <summary>How objects loaded before are told from new ones.</summary>
public enum IncrementalMode
{
    /// <summary>By a ledger of every object loaded.</summary>
    Objects,

    /// <summary>By the furthest object read.</summary>
    Watermark,

    /// <summary>Not at all: every run reads all.</summary>
    Full,
}

/// <summary>What a watermark is of.</summary>
public enum WatermarkBy
{
    /// <summary>The objects' addresses, in the order of their UTF-8 bytes.</summary>
    Key,

    /// <summary>The times the objects were modified.</summary>
    Modified,
}

/// <summary>What to do with an object that changed after it was loaded.</summary>
public enum ChangedObject
{
    /// <summary>The run fails, and says which.</summary>
    Error,

    /// <summary>It is left out, with a note.</summary>
    Skip,

    /// <summary>It is loaded, and its rows take the place of those that were loaded from it before.</summary>
    Replace,

    /// <summary>It is loaded like a new one: where the sink keeps one row a key or replaces partitions, nothing is there twice.</summary>
    Load,
}
