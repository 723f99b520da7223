using System.Diagnostics;
using Etl.Core.Runs;
using Etl.Runner.Hosting;
using Microsoft.Extensions.Logging;
using Spectre.Console;

namespace Etl.Runner.Display;

/// <summary>Shows a run while it is under way: bars in a terminal, a line now and then elsewhere. On standard error, so that output stays clean.</summary>
internal static class LiveProgress
{
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LineEvery = TimeSpan.FromSeconds(5);

    /// <summary>Runs <paramref name="work"/> with the display.</summary>
    public static Task<T> ShowAsync<T>(RunProgress progress, string name, Func<CancellationToken, Task<T>> work, CancellationToken cancel) =>
        Consoles.Error.Profile.Capabilities.Interactive && !Console.IsErrorRedirected && !Messages.Json
            ? ShowBarsAsync(progress, name, work, cancel) : ShowLinesAsync(progress, name, work, cancel);

    private static Task<T> ShowBarsAsync<T>(RunProgress progress, string name, Func<CancellationToken, Task<T>> work, CancellationToken cancel) =>
        Consoles.Error.Progress()
            .AutoClear(false)
            .Columns(new SpinnerColumn(), new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .StartAsync(async display =>
            {
                var plan = display.AddTask("plan", maxValue: 1).IsIndeterminate();
                var stage = display.AddTask("stage", autoStart: false);
                var commit = display.AddTask("commit", autoStart: false, maxValue: 1);

                void Update()
                {
                    var phase = progress.Phase;
                    if (phase >= RunPhase.Stage)
                    {
                        plan.IsIndeterminate(false).Value = 1;
                        if (!stage.IsStarted) stage.StartTask();
                        stage.MaxValue = Math.Max(1, progress.BytesTotal);
                        stage.Value = progress.SplitsDone == progress.SplitsTotal ? stage.MaxValue : Math.Min(progress.BytesRead, stage.MaxValue * 0.999);
                        stage.Description = Markup.Escape($"stage  {progress.SplitsDone}/{progress.SplitsTotal} splits, {progress.RowsRead:N0} rows, {Sizes.Bytes(progress.BytesRead)} read, {Sizes.Bytes(progress.BytesStaged)} sent{Rejected(progress)}");
                    }

                    if (phase >= RunPhase.Commit && !commit.IsStarted)
                    {
                        commit.StartTask();
                        commit.IsIndeterminate();
                    }
                }

                var working = work(cancel);
                while (!working.IsCompleted)
                {
                    Update();
                    await Task.WhenAny(working, Task.Delay(Refresh, CancellationToken.None));
                }

                Update();
                if (working.IsCompletedSuccessfully)
                {
                    plan.IsIndeterminate(false).Value = 1;
                    if (commit.IsStarted) commit.IsIndeterminate(false).Value = 1;
                }

                foreach (var task in new[] { plan, stage, commit }) task.StopTask();
                return await working;
            });

    private static async Task<T> ShowLinesAsync<T>(RunProgress progress, string name, Func<CancellationToken, Task<T>> work, CancellationToken cancel)
    {
        var working = work(cancel);
        RunPhase? shown = null;
        var (waited, started) = (TimeSpan.Zero, Stopwatch.GetTimestamp());
        while (!working.IsCompleted)
        {
            var phase = progress.Phase;
            if (phase is not null && (phase != shown || waited >= LineEvery))
            {
                if (phase != shown) started = Stopwatch.GetTimestamp();
                Messages.Write(
                    LogLevel.Information,
                    phase == RunPhase.Stage && phase == shown
                        ? $"{name}: stage: {progress.SplitsDone}/{progress.SplitsTotal} splits, {progress.RowsRead:N0} rows, {Sizes.Bytes(progress.BytesRead)} of {Sizes.Bytes(progress.BytesTotal)} read, {Sizes.Bytes(progress.BytesStaged)} sent{Rejected(progress)}"
                        : $"{name}: {PhaseName(phase.Value)}{(phase == shown ? $", {Stopwatch.GetElapsedTime(started).TotalSeconds:f0} s so far" : "")}",
                    ("pipeline", name), ("phase", PhaseName(phase.Value)), ("splits_done", progress.SplitsDone), ("splits", progress.SplitsTotal), ("rows_read", progress.RowsRead),
                    ("rows_rejected", progress.RowsRejected), ("bytes_read", progress.BytesRead), ("bytes", progress.BytesTotal), ("bytes_staged", progress.BytesStaged));
                (shown, waited) = (phase, TimeSpan.Zero);
            }

            await Task.WhenAny(working, Task.Delay(Refresh, CancellationToken.None));
            waited += Refresh;
        }

        return await working;
    }

    private static string PhaseName(RunPhase phase) => phase.ToString().ToLowerInvariant();

    private static string Rejected(RunProgress progress) => progress.RowsRejected == 0 ? "" : $", {progress.RowsRejected:N0} rejected";
}
