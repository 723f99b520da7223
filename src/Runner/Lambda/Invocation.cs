namespace Etl.Runner.Lambda;

/// <summary>One event that Lambda handed out.</summary>
/// <param name="RequestId">What its answer is sent under.</param>
/// <param name="Deadline">When the process is killed if there is no answer.</param>
/// <param name="TraceId">Its X-Ray header, or null.</param>
/// <param name="Payload">The event, as JSON.</param>
internal sealed record Invocation(string RequestId, DateTimeOffset Deadline, string? TraceId, byte[] Payload);
