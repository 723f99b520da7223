using System.Globalization;
using Etl.Core.Errors;
using Polly;

namespace Etl.Core.Engine;

/// <summary>Says of a step that was given up how often and how long it was tried. Whoever gets the error need not try again: that was done.</summary>
internal sealed class TriedAgain(TimeProvider time, int budget) : ResilienceStrategy
{
    /// <summary>How often the step was tried.</summary>
    public static ResiliencePropertyKey<int> Attempts { get; } = new("etl.attempts");

    protected override async ValueTask<Outcome<TResult>> ExecuteCore<TResult, TState>(Func<ResilienceContext, TState, ValueTask<Outcome<TResult>>> callback, ResilienceContext context, TState state)
    {
        var started = time.GetTimestamp();
        var outcome = await callback(context, state).ConfigureAwait(context.ContinueOnCapturedContext);
        if (outcome.Exception is not ServiceException { Transient: true } failed) return outcome;
        var attempts = context.Properties.GetValue(Attempts, 1);
        var tried = attempts == 1
            ? $"It was not tried again, because the run used up its {budget:N0} retries (`limits: retries`)."
            : string.Create(CultureInfo.InvariantCulture, $"It was tried {attempts} times in {Math.Ceiling(time.GetElapsedTime(started).TotalSeconds):N0} seconds.");
        return Outcome.FromException<TResult>(new ServiceException($"{failed.Message} {tried} Nothing is half-loaded; run again when the cause is gone.", transient: false, failed));
    }
}

/// <summary>Polly asks for options.</summary>
internal sealed class TriedAgainOptions : ResilienceStrategyOptions;
