using System.ComponentModel;
using Etl.Core.Pipelines;

namespace Etl.Core.Contracts;

/// <summary>Which objects a run reads.</summary>
public sealed record IncrementalOptions
{
    /// <summary>How objects loaded before are told from new ones.</summary>
    [Description("Which objects a run reads: objects (those not loaded before), watermark (those beyond the furthest read), full (all). Default: objects; full when a sink replaces its table.")]
    public IncrementalMode? Mode { get; init; }

    /// <summary>What the watermark is of.</summary>
    [Description("What the watermark is of: the objects' keys in order, or the time they were modified.")]
    public WatermarkBy By { get; init; } = WatermarkBy.Key;

    /// <summary>How late an object may turn up.</summary>
    [Description("With a watermark of modified: how much earlier than the latest time seen an object may be and still be new; the ledger keeps the objects of that span. An upload in parts bears the time it began.")]
    public Duration Lookback { get; init; } = Duration.FromDays(1);

    /// <summary>What to do with an object that changed after it was loaded.</summary>
    [Description("What to do with an object that changed after it was loaded: error, or skip (the rows that were loaded stay).")]
    public ChangedObject Changed { get; init; } = ChangedObject.Error;
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
}
