namespace Etl.Runner.Lambda;

/// <summary>One thing that an event asks for.</summary>
/// <param name="What">The event in words, for the log.</param>
/// <param name="Request">What to run; null for nothing.</param>
internal sealed record Ask(string What, RunRequest? Request)
{
    /// <summary>Whether somebody named a run and reads the answer, rather than a service telling that something happened.</summary>
    public bool IsCall { get; init; }

    /// <summary>The SQS message it came in; null for none.</summary>
    public string? MessageId { get; init; }

    /// <summary>Why it cannot be understood; null when it can.</summary>
    public UnreadableEventException? Problem { get; init; }
}
