using System.CommandLine;
using Etl.Core.Engine;
using Etl.Core.Errors;
using Etl.Core.Runs;
using Etl.Runner.Display;
using Etl.Runner.Hosting;

namespace Etl.Runner.Commands;

/// <summary><c>etl commit PIPELINE</c>: the last step of an open run.</summary>
internal static class CommitCommand
{
    public static Command Create()
    {
        var file = new Argument<FileInfo>("pipeline") { Description = "The pipeline file: the same, with the same variables, as it was planned with." };
        var of = new Option<int?>("--of") { Description = "How many stage tasks there were, to name those that are missing.", HelpName = "M" };
        of.Validators.Add(TaskOptions.ValidateCount);
        var command = new Command("commit", "Makes sure that everything of the open run is staged and adds up, loads it once, and moves the state.") { file, of };
        var run = new OpenRunOption().AddTo(command);
        var local = new LocalOptions().AddTo(command);
        var json = new JsonOption().AddTo(command);
        var report = new ReportOption().AddTo(command);
        var lease = new LeaseOptions().AddTo(command);
        command.Does(async (parsed, cancel) =>
        {
            await using var opened = await OpenedPipeline.OpenAsync(parsed.GetRequiredValue(file), local, parsed, cancel);
            var progress = new RunProgress(TimeProvider.System);
            var engine = new RunEngine(opened.Pipeline, progress, parallelism: 1, lease.Read(parsed, "commit"));
            try
            {
                var summary = await report.OrOfFailureAsync(parsed, opened, json.Read(parsed), () => LiveProgress.ShowAsync(progress, opened, stop => engine.CommitAsync(run.Read(parsed), stop), cancel), cancel);
                if (summary.Run is null) await Console.Out.WriteLineAsync($"{opened.Definition.Name}: nothing to commit: {summary.Notes[0]}");
                else SummaryView.Show(summary, opened.Definition, opened.Local, json.Read(parsed));
                await report.WriteAsync(parsed, opened, summary, json.Read(parsed), cancel);
                return ExitCodes.Success;
            }
            catch (NotStagedException e) when (parsed.GetValue(of) is { } tasks)
            {
                throw new NotStagedException($"{e.Message} With {tasks:N0} tasks, these are of {TaskList(TaskShare.TasksOf(e.Run, e.Splits, tasks))}.", e.Run, e.Splits);
            }
        });
        return command;
    }

    private static string TaskList(IReadOnlyList<int> tasks) => $"{(tasks.Count == 1 ? "task" : "tasks")} {string.Join(", ", tasks)}";
}
