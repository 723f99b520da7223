using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Etl.Core.Compression;
using Etl.Core.Contracts;

namespace Etl.Core.Pipelines;

/// <summary>How far a run may go.</summary>
public sealed record LimitOptions
{
    /// <summary>The longest a run may take.</summary>
    [Description("The longest a run may take, such as 90s, 30m, 2h or 1d; then it stops, and running again goes on where it stopped")]
    public Duration? Timeout { get; init; }

    /// <summary>How many failed steps a run repeats in all.</summary>
    [Description("How many failed steps a run repeats in all before it fails")]
    [Range(0, 100_000)]
    public int Retries { get; init; } = 200;

    /// <summary>How many times its stored size an object may unpack to.</summary>
    [Description("How many times its stored size an object may unpack to (after the first 256 MiB)")]
    [Range(2, 1_000_000)]
    public int UnpackRatio { get; init; } = (int)UnpackLimits.Default.Ratio;

    /// <summary>What one object may unpack to.</summary>
    [Description("What one object may unpack to, such as 1024GiB")]
    public ByteSize UnpackSize { get; init; } = new(UnpackLimits.Default.Bytes);

    internal UnpackLimits Unpack => new(UnpackRatio, UnpackSize.Bytes);
}
