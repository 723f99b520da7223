using Etl.Core.Runs;

namespace Etl.Core.Engine;

/// <summary>What is known of one split while its run is staged.</summary>
/// <param name="Receipt">Its receipt; null when it is not staged.</param>
/// <param name="Doubt">Why it is not, when its data looked wrong from a first record that was a guess; else null.</param>
internal readonly record struct StagedSplit(StageReceipt? Receipt, string? Doubt);
