using System.Text.Json;
using Etl.LocalCloud.Host;

namespace Etl.LocalCloud.Faults;

/// <summary>What is to go wrong in the local cloud, and when. The same plan and the same requests give the same faults.</summary>
public sealed record FaultPlan
{
    /// <summary>Decides those rules that have a probability.</summary>
    public int Seed { get; init; }

    /// <summary>The rules, in order: the first one that strikes a request decides.</summary>
    public IReadOnlyList<FaultRule> Rules { get; init; } = [];

    /// <summary>Reads a fault plan (JSON, comments allowed).</summary>
    /// <exception cref="InvalidDataException">The file cannot be read as a fault plan.</exception>
    public static FaultPlan Read(string path) => SettingsFile.Read<FaultPlan>(path, "fault plan");

    /// <summary>The plan as <see cref="Read"/> takes it.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, SettingsFile.Json);
}
