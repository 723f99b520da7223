namespace Etl.Core.State;

/// <summary>How a pipeline's lease is taken and kept.</summary>
public sealed record LeaseTerms
{
    /// <summary>What the holder is doing, as it is typed after <c>etl</c>.</summary>
    public string Command { get; init; } = "run";

    /// <summary>How long the lease holds without being renewed; it is renewed three times as often.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long to wait for another holder: not at all by default; <see cref="Timeout.InfiniteTimeSpan"/> is until it is done.</summary>
    public TimeSpan Wait { get; init; }

    /// <summary>Told once when another holder is waited for, in words.</summary>
    public Action<string>? Waiting { get; init; }
}
