namespace Etl.Core.Runs;

/// <summary>A step that failed in a way that may pass, and waits to be done again.</summary>
/// <param name="Problem">Why it failed: a sentence.</param>
/// <param name="Attempt">Which attempt comes next; the second is 2.</param>
/// <param name="Until">When it comes.</param>
public sealed record RetryWait(string Problem, int Attempt, DateTimeOffset Until);
