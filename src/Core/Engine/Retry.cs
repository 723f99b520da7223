using Etl.Core.Errors;
using Etl.Core.Runs;
using Etl.Core.Telemetry;
using Polly;
using Polly.Retry;

namespace Etl.Core.Engine;

/// <summary>Does a step again when a service failed in a way that may pass: every step of a run is safe to repeat.</summary>
internal static class Retry
{
    private const int MaxRetries = 9;
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    /// <summary>Exponential back-off with jitter, from half a second to a minute, about three minutes in all: long enough for a quota of so many a minute to be free again. Longer where the service asked for it.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="budget">How many steps may be repeated by all that use the pipeline together.</param>
    /// <param name="waits">Told of each step that waits to be done again; null when nobody asks.</param>
    public static ResiliencePipeline Create(TimeProvider time, int budget, Action<RetryWait>? waits = null)
    {
        var left = budget;
        return new ResiliencePipelineBuilder { TimeProvider = time }
            .AddStrategy(_ => new TriedAgain(time, budget), new TriedAgainOptions())
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = arguments => new ValueTask<bool>(arguments.Outcome.Exception is ServiceException { Transient: true } && arguments.AttemptNumber < MaxRetries && Interlocked.Decrement(ref left) >= 0),
                MaxRetryAttempts = MaxRetries,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = TimeSpan.FromSeconds(0.5),
                MaxDelay = LongestWait,
                DelayGenerator = arguments => new ValueTask<TimeSpan?>((arguments.Outcome.Exception as ServiceException)?.RetryAfter),
                OnRetry = arguments =>
                {
                    RunTelemetry.Retried();
                    waits?.Invoke(new RetryWait(arguments.Outcome.Exception!.Message, arguments.AttemptNumber + 2, time.GetUtcNow() + arguments.RetryDelay));
                    arguments.Context.Properties.Set(TriedAgain.Attempts, arguments.AttemptNumber + 2);
                    return default;
                },
            })
            .Build();
    }
}
