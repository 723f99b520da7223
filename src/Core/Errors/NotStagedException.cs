using Etl.Core.Runs;

namespace Etl.Core.Errors;

/// <summary>A run cannot be committed yet: splits of it have no receipt. Running the stage tasks again helps.</summary>
/// <param name="message">Which are missing, and what to do.</param>
/// <param name="run">The run.</param>
/// <param name="splits">The indexes of the splits that are missing.</param>
public sealed class NotStagedException(string message, RunManifest run, IReadOnlyList<int> splits) : EtlException(message)
{
    /// <summary>The run.</summary>
    public RunManifest Run { get; } = run;

    /// <summary>The indexes of the splits that are not staged.</summary>
    public IReadOnlyList<int> Splits { get; } = splits;
}
