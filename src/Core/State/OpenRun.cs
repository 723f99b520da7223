using System.Text.Json.Serialization;

namespace Etl.Core.State;

/// <summary>A run that was planned and whose end is not known yet.</summary>
/// <param name="Run">Its id.</param>
/// <param name="Phase">How far it came.</param>
public sealed record OpenRun(string Run, OpenPhase Phase)
{
    /// <summary>How many splits were staged when it was last asked to stop; null when it never was.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? StagedAtStop { get; init; }
}

/// <summary>How far an open run came.</summary>
public enum OpenPhase
{
    /// <summary>It is being staged; nothing was loaded.</summary>
    Staging,

    /// <summary>Everything is staged, and its load may have been asked for.</summary>
    Loading,
}
