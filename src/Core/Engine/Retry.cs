using Etl.Core.Errors;
using Polly;
using Polly.Retry;

namespace Etl.Core.Engine;

/// <summary>Does a step again when a service failed in a way that may pass: every step of a run is safe to repeat.</summary>
internal static class Retry
{
    private const int MaxRetries = 4;

    /// <summary>Exponential back-off from half a second with full jitter, or as long as the service asked.</summary>
    public static ResiliencePipeline Create(TimeProvider time) =>
        new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<ServiceException>(e => e.Transient),
                MaxRetryAttempts = MaxRetries,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = TimeSpan.FromSeconds(0.5),
                DelayGenerator = arguments => new ValueTask<TimeSpan?>((arguments.Outcome.Exception as ServiceException)?.RetryAfter),
            })
            .Build();
}
