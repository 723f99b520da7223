namespace Etl.Core.Engine;

/// <summary>Where the records of a split start, as the split before it knows.</summary>
/// <param name="Offset">The byte at which the first one starts.</param>
/// <param name="StartsIn">What the parser was in there; null for rows as usual.</param>
internal sealed record SplitStart(long Offset, string? StartsIn);
