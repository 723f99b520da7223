using System.CommandLine;
using Etl.Core.Engine;
using Etl.Core.Runs;
using Etl.Runner.Display;
using Etl.Runner.Hosting;

namespace Etl.Runner.Commands;

/// <summary><c>etl run PIPELINE</c>: plan, stage and commit in this process.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var file = new Argument<FileInfo>("pipeline") { Description = "The pipeline file." };
        var parallelism = Parallelism();
        var command = new Command("run", "Runs a pipeline: reads what is new, stages it, loads it once.") { file, parallelism };
        var local = new LocalOptions().AddTo(command);
        var json = new JsonOption().AddTo(command);
        var report = new ReportOption().AddTo(command);
        var lease = new LeaseOptions().AddTo(command);
        var grace = new GraceOption().AddTo(command);
        command.Does(async (parsed, cancel) =>
        {
            await using var opened = await OpenedPipeline.OpenAsync(parsed.GetRequiredValue(file), local, parsed, cancel);
            using var stop = grace.Listen(parsed);
            RunSummary summary;
            do
            {
                // A run that was left open comes first; then what is new.
                var progress = new RunProgress(TimeProvider.System);
                var engine = new RunEngine(opened.Pipeline, progress, parsed.GetValue(parallelism), lease.Read(parsed, "run"), stop.Stop);
                summary = await report.OrOfFailureAsync(parsed, opened, json.Read(parsed), () => LiveProgress.ShowAsync(progress, opened, engine.RunAsync, cancel), cancel);
                SummaryView.Show(summary, opened.Definition, opened.Local, json.Read(parsed));
                await report.WriteAsync(parsed, opened, summary, json.Read(parsed), cancel);
            }
            while (summary.Resumed);
            return ExitCodes.Success;
        });
        return command;
    }

    internal static Option<int> Parallelism()
    {
        var parallelism = new Option<int>("--parallelism") { Description = "How many objects are staged side by side.", DefaultValueFactory = _ => Hosting.Parallelism.Default };
        parallelism.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 64) result.AddError("--parallelism must be from 1 to 64.");
        });
        return parallelism;
    }

    internal static string PathAsGiven(FileInfo file) => Path.GetRelativePath(Environment.CurrentDirectory, file.FullName);
}
