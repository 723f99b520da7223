namespace Etl.Core.Errors;

/// <summary>A service refused or failed.</summary>
/// <param name="message">Which service and resource, what it said (never a secret), and what to do.</param>
/// <param name="transient">Whether the same call may succeed later: then the engine retries it.</param>
/// <param name="inner">The client library's exception.</param>
public sealed class ServiceException(string message, bool transient, Exception? inner = null) : EtlException(message, inner)
{
    /// <summary>Whether the same call may succeed later.</summary>
    public bool Transient { get; } = transient;

    /// <summary>How long the service asked to wait, when it did.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
