using System.ComponentModel;

namespace Etl.Core.Contracts;

/// <summary>What happens with rows that do not fit.</summary>
public sealed record RejectOptions
{
    /// <summary>The most that may be rejected before the run fails.</summary>
    [Description("how many rows may be rejected before the run fails: a count such as 100, or a share of the rows such as 0.1%; default 0")]
    public RejectLimit Max { get; init; } = RejectLimit.None;
}

/// <summary>Parser options whose rejects the engine limits.</summary>
public interface IRejecting
{
    /// <summary>The limits.</summary>
    RejectOptions Rejects { get; }
}
