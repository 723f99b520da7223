using System.Diagnostics;
using Etl.Core.Runs;
using Etl.Runner.Hosting;
using Microsoft.Extensions.Logging;

namespace Etl.Runner.Display;

/// <summary>A run as lines: one a phase, one every few seconds, and one when a service fails and is asked again.</summary>
internal sealed class LiveLines(RunProgress progress, ProgressText text, string name)
{
    private static readonly TimeSpan LineEvery = TimeSpan.FromSeconds(5);
    private (RunPhase? Phase, TimeSpan Waited, long Started, RetryWait? Wait) shown;

    /// <summary>Runs <paramref name="work"/>, and looks every <paramref name="refresh"/> whether there is something to say.</summary>
    public async Task<T> ShowAsync<T>(Func<CancellationToken, Task<T>> work, TimeSpan refresh, CancellationToken cancel)
    {
        var working = work(cancel);
        while (!working.IsCompleted)
        {
            text.Look();
            Say();
            await Task.WhenAny(working, Task.Delay(refresh, CancellationToken.None));
            shown.Waited += refresh;
        }

        return await working;
    }

    private void Say()
    {
        if (progress.Phase is not { } phase) return;
        var isNew = phase != shown.Phase;
        if (isNew) shown.Started = Stopwatch.GetTimestamp();
        if (isNew || shown.Waited >= LineEvery)
        {
            Messages.Write(
                LogLevel.Information,
                isNew ? $"{name}: {Named(phase)}"
                : phase == RunPhase.Stage ? $"{name}: stage: {text.Counts}, {text.Bytes}{text.Speed}"
                : $"{name}: {Named(phase)}, {Stopwatch.GetElapsedTime(shown.Started).TotalSeconds:f0} s so far",
                ("pipeline", name), ("phase", Named(phase)), ("splits_done", progress.SplitsDone), ("splits", progress.SplitsTotal), ("rows_read", progress.RowsRead),
                ("rows_rejected", progress.RowsRejected), ("bytes_read", progress.BytesRead), ("bytes", progress.BytesTotal), ("bytes_staged", progress.BytesStaged));
            shown = shown with { Phase = phase, Waited = TimeSpan.Zero };
        }

        // The first failure is often gone at the next try; what lasts is worth a line.
        if (progress.Waiting is { Attempt: > 2 } wait && wait != shown.Wait)
        {
            shown.Wait = wait;
            Messages.Write(LogLevel.Warning, $"{name}: {text.Waiting}", ("pipeline", name), ("phase", Named(phase)), ("attempt", wait.Attempt));
        }
    }

    private static string Named(RunPhase phase) => phase.ToString().ToLowerInvariant();
}
