using Etl.Core.Runs;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Etl.Runner.Display;

/// <summary>A run as bars: one a phase, one a split under way, and below them speed, what is left, and the sign-in.</summary>
internal sealed class LiveBars
{
    private const int MostSplits = 8;
    private const int WidestName = 40;
    private readonly RunProgress progress;
    private readonly ProgressText text;
    private readonly ProgressContext display;
    private readonly ProgressTask plan, stage, commit;
    private readonly SortedDictionary<int, ProgressTask> splits = [];

    private LiveBars(RunProgress progress, ProgressText text, ProgressContext display)
    {
        (this.progress, this.text, this.display) = (progress, text, display);
        plan = display.AddTask("plan", maxValue: 1).IsIndeterminate();
        stage = display.AddTask("stage", autoStart: false);
        commit = display.AddTask("commit", autoStart: false, maxValue: 1);
    }

    /// <summary>Runs <paramref name="work"/> with the bars on <paramref name="console"/>, drawn anew every <paramref name="refresh"/>.</summary>
    public static Task<T> ShowAsync<T>(IAnsiConsole console, RunProgress progress, ProgressText text, Func<CancellationToken, Task<T>> work, TimeSpan refresh, CancellationToken cancel) =>
        console.Progress()
            .AutoClear(false)
            .Columns(new SpinnerColumn(), new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn { Width = 24 }, new PercentageColumn(), new ElapsedTimeColumn())
            .UseRenderHook((bars, _) => new Rows(bars, Below(text)))
            .StartAsync(async display =>
            {
                var shown = new LiveBars(progress, text, display);
                var working = work(cancel);
                while (!working.IsCompleted)
                {
                    shown.Update();
                    await Task.WhenAny(working, Task.Delay(refresh, CancellationToken.None));
                }

                shown.End(working.IsCompletedSuccessfully);
                return await working;
            });

    private void Update()
    {
        text.Look();
        var phase = progress.Phase;
        if (phase >= RunPhase.Stage)
        {
            plan.IsIndeterminate(false).Value = 1;
            if (!stage.IsStarted) stage.StartTask();
            stage.MaxValue = Math.Max(1, progress.BytesTotal);
            stage.Value = progress.SplitsDone == progress.SplitsTotal ? stage.MaxValue : Below(progress.BytesRead, stage.MaxValue);
            stage.Description = Markup.Escape($"stage  {text.Counts}");
            ShowSplits(progress.UnderWay);
        }

        if (phase >= RunPhase.Commit && !commit.IsStarted)
        {
            commit.StartTask();
            commit.IsIndeterminate();
        }
    }

    private void ShowSplits(IReadOnlyList<SplitProgress> underWay)
    {
        foreach (var over in splits.Keys.Except(underWay.Select(s => s.Split.Index)).ToList())
        {
            display.RemoveTask(splits[over]);
            splits.Remove(over);
        }

        foreach (var split in underWay)
        {
            if (!splits.TryGetValue(split.Split.Index, out var bar))
            {
                if (splits.Count == MostSplits) continue;
                splits[split.Split.Index] = bar = display.AddTaskBefore(Markup.Escape("└ " + Named(split.Split)), commit, maxValue: Math.Max(1, split.Split.Bytes));
            }

            bar.Value = Below(split.BytesRead, bar.MaxValue);
        }
    }

    private void End(bool succeeded)
    {
        Update();
        ShowSplits([]);
        if (succeeded)
        {
            plan.IsIndeterminate(false).Value = 1;
            if (commit.IsStarted) commit.IsIndeterminate(false).Value = 1;
        }

        foreach (var task in new[] { plan, stage, commit }) task.StopTask();
    }

    // A bar that is full stops; what is under way is not done.
    private static double Below(long value, double most) => Math.Min(value, most * 0.999);

    /// <summary>The end of its address, where names differ, and where in the object it starts.</summary>
    private static string Named(Split split)
    {
        var name = CellText.Message(Uri.UnescapeDataString(split.Object.Uri[(split.Object.Uri.TrimEnd('/').LastIndexOf('/') + 1)..]));
        return CellText.Cut(name, WidestName) + (split.Range.Offset > 0 ? $" from {Sizes.Bytes(split.Range.Offset)}" : "");
    }

    private static Rows Below(ProgressText text)
    {
        List<IRenderable> lines = [new Text($"   {text.Bytes}{text.Speed}{text.Token}", new Style(decoration: Decoration.Dim))];
        if (text.Waiting is { } waiting) lines.Add(new Text($"   {waiting}", new Style(Color.Yellow)));
        return new Rows(lines);
    }
}
