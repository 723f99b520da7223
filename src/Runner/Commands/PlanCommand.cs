using System.CommandLine;
using Etl.Core.Engine;
using Etl.Core.Runs;
using Etl.Runner.Display;
using Etl.Runner.Hosting;

namespace Etl.Runner.Commands;

/// <summary><c>etl plan PIPELINE</c>: what a run would do; with <c>--open</c>, the first step of a run whose stage tasks run elsewhere.</summary>
internal static class PlanCommand
{
    public static Command Create()
    {
        var file = new Argument<FileInfo>("pipeline") { Description = "The pipeline file." };
        var open = new Option<bool>("--open") { Description = "Open the run, for `etl stage` tasks to work on: write its manifest, and have the state name it. Without it nothing is changed." };
        var tasks = new Option<int?>("--tasks") { Description = "Show the shares of that many stage tasks.", HelpName = "N" };
        tasks.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 1 or > TaskShare.Most) result.AddError($"--tasks must be from 1 to {TaskShare.Most}.");
        });
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("plan", "Shows what a run would read, with which schema, in which splits, and about how much it would send. Changes nothing, unless told to open the run.") { file, open, tasks, json };
        var local = new LocalOptions().AddTo(command);
        var lease = new LeaseOptions().AddTo(command);
        command.Does(async (parsed, cancel) =>
        {
            await using var opened = await OpenedPipeline.OpenAsync(parsed.GetRequiredValue(file), local, parsed, cancel);
            var progress = new RunProgress(TimeProvider.System);
            var engine = new RunEngine(opened.Pipeline, progress, parallelism: 1, lease.Read(parsed, "plan"));
            var plan = await LiveProgress.ShowAsync<RunPlan>(progress, opened, parsed.GetValue(open) ? engine.OpenAsync : engine.PlanAsync, cancel);
            var view = new PlanView(opened.Definition.Name, RunCommand.PathAsGiven(parsed.GetRequiredValue(file)), plan, parsed.GetValue(open), parsed.GetValue(tasks));
            if (parsed.GetValue(json)) await Console.Out.WriteLineAsync(view.Json().AsMemory(), cancel);
            else view.Show(Consoles.Out);
            return ExitCodes.Success;
        });
        return command;
    }
}
