namespace Etl.LambdaEmulator;

/// <summary>How an invocation ended.</summary>
/// <param name="Ending">In which way.</param>
/// <param name="Body">The answer or the error, as the function sent it; empty without one.</param>
/// <param name="Process">The process that took it.</param>
/// <param name="Took">From the event's delivery to the end.</param>
public sealed record Outcome(Ending Ending, string Body, int Process, TimeSpan Took);

/// <summary>The ways in which an invocation ends.</summary>
public enum Ending
{
    /// <summary>It was answered.</summary>
    Answered,

    /// <summary>The function said that it failed.</summary>
    Failed,

    /// <summary>Its time was over, and the process was killed.</summary>
    TimedOut,

    /// <summary>The process ended by itself.</summary>
    Exited,

    /// <summary>The process said that it could not get ready, or ended before it was.</summary>
    InitFailed,
}
