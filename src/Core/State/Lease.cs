namespace Etl.Core.State;

/// <summary>Who is at work on a pipeline. Part of the pipeline's state, so that taking it, renewing it, moving the state and letting go are all one conditional write of one document.</summary>
public sealed record Lease
{
    /// <summary>A random text that tells this holder from every other.</summary>
    public required string Id { get; init; }

    /// <summary>What it is doing: <c>run</c>, <c>gc</c>, …</summary>
    public required string Command { get; init; }

    /// <summary>The machine's name.</summary>
    public required string Host { get; init; }

    /// <summary>The process id there.</summary>
    public required int Process { get; init; }

    /// <summary>What tells the process from a later one of the same id, and where ids mean the same; null where the system does not say.</summary>
    public ProcessMark? Mark { get; init; }

    /// <summary>When it was taken, by the holder's clock.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>When it was last renewed, by the holder's clock.</summary>
    public required DateTimeOffset Renewed { get; init; }

    /// <summary>Until when it holds unless it is renewed, by the holder's clock.</summary>
    public required DateTimeOffset Until { get; init; }

    /// <summary>How long others wait for a sign of life before they take over: half as long again as the lease, because clocks differ and writes take time.</summary>
    public TimeSpan Patience => (Until - Renewed) * 1.5;

    /// <summary>The holder, for a person.</summary>
    public override string ToString() => $"`etl {Command}` on {Host} (process {Process}), at work since {Since:yyyy-MM-dd HH:mm:ss} UTC";
}
