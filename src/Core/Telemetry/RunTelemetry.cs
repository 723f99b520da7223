using System.Diagnostics;
using System.Diagnostics.Metrics;
using Etl.Core.Runs;

namespace Etl.Core.Telemetry;

/// <summary>
/// What runs tell whoever listens, in the terms of OpenTelemetry: spans (run, split, part, load; the requests below them are .NET's own) and metrics. Nothing is
/// measured while nobody listens. Names, addresses and counts only: no value of the data, no secret.
/// </summary>
public static class RunTelemetry
{
    /// <summary>The name to listen to, for spans and for metrics.</summary>
    public const string Name = "Etl";

    private static readonly ActivitySource Activities = new(Name);
    private static readonly Meter Meter = new(Name);
    private static readonly Counter<long> Rows = Meter.CreateCounter<long>("etl.rows", "{row}", "Rows by outcome: read, staged, rejected, filtered, loaded.");
    private static readonly Counter<long> Bytes = Meter.CreateCounter<long>("etl.bytes", "By", "Stored bytes by direction: read from the source, staged.");
    private static readonly Counter<long> Splits = Meter.CreateCounter<long>("etl.splits", "{split}", "Splits staged.");
    private static readonly Counter<long> Runs = Meter.CreateCounter<long>("etl.runs", "{run}", "Runs and steps of runs, by step and outcome.");
    private static readonly Histogram<double> Durations = Meter.CreateHistogram<double>("etl.run.duration", "s", "How long runs and their steps take.", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 5, 15, 30, 60, 120, 300, 600, 1800, 3600] });
    private static readonly Counter<long> Retries = Meter.CreateCounter<long>("etl.retries", "{retry}", "Steps done again because a service failed.");
    private static readonly Counter<long> Tokens = Meter.CreateCounter<long>("etl.token.refreshes", "{token}", "Google tokens obtained, by outcome.");
    private static readonly Gauge<double> Lag = Meter.CreateGauge<double>("etl.lag", "s", "Age of the newest object at the time it was loaded.");

    /// <summary>Does <paramref name="work"/> as a run, or a step of one: a span, a count and a duration.</summary>
    public static async Task<T> StepAsync<T>(string step, string pipeline, TimeProvider time, Func<Task<T>> work)
    {
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(work);
        var started = time.GetTimestamp();
        var outcome = "failed";
        using var span = Activities.StartActivity($"etl {step}");
        span?.SetTag("etl.pipeline", pipeline);
        try
        {
            var result = await work().ConfigureAwait(false);
            outcome = "succeeded";
            return result;
        }
        catch (Exception e)
        {
            Fail(span, e);
            throw;
        }
        finally
        {
            TagList tags = new() { { "etl.pipeline", pipeline }, { "etl.step", step }, { "etl.outcome", outcome } };
            Runs.Add(1, tags);
            Durations.Record(time.GetElapsedTime(started).TotalSeconds, tags);
        }
    }

    /// <summary>Does a part of a step as a span.</summary>
    /// <param name="name">What it is: split, part, load.</param>
    /// <param name="tag">What tells it from others.</param>
    /// <param name="value">Its value.</param>
    /// <param name="work">The part.</param>
    internal static async Task<T> SpanAsync<T>(string name, string tag, object value, Func<Task<T>> work)
    {
        using var span = Activities.StartActivity($"etl {name}");
        span?.SetTag(tag, value);
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Fail(span, e);
            throw;
        }
    }

    /// <summary>A split was staged.</summary>
    internal static void Staged(string pipeline, StageReceipt receipt)
    {
        Splits.Add(1, Pipeline(pipeline));
        Count(Rows, receipt.RowsRead, "etl.outcome", "read", pipeline);
        Count(Rows, receipt.RowsStaged, "etl.outcome", "staged", pipeline);
        Count(Rows, receipt.RowsRejected, "etl.outcome", "rejected", pipeline);
        Count(Rows, receipt.RowsFiltered, "etl.outcome", "filtered", pipeline);
        Count(Bytes, receipt.BytesRead, "etl.direction", "read", pipeline);
        Count(Bytes, receipt.Files.Sum(f => f.Bytes), "etl.direction", "staged", pipeline);
    }

    /// <summary>A run was loaded.</summary>
    internal static void Loaded(RunManifest run, long rows, DateTimeOffset now)
    {
        Count(Rows, rows, "etl.outcome", "loaded", run.Pipeline);
        if (run.Splits.Count > 0) Lag.Record((now - run.Splits.Max(s => s.Object.Modified)).TotalSeconds, Pipeline(run.Pipeline));
    }

    /// <summary>A step is done again.</summary>
    internal static void Retried() => Retries.Add(1);

    /// <summary>A Google token was asked for.</summary>
    public static void TokenAsked(bool obtained) => Tokens.Add(1, new KeyValuePair<string, object?>("etl.outcome", obtained ? "obtained" : "failed"));

    private static KeyValuePair<string, object?> Pipeline(string name) => new("etl.pipeline", name);

    private static void Count(Counter<long> counter, long? amount, string tag, string value, string pipeline)
    {
        if (amount is > 0) counter.Add(amount.Value, new KeyValuePair<string, object?>(tag, value), Pipeline(pipeline));
    }

    private static void Fail(Activity? span, Exception e) => span?.SetStatus(ActivityStatusCode.Error, e.Message).SetTag("error.type", e.GetType().Name);
}
