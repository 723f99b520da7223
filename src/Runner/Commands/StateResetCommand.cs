using System.CommandLine;
using System.Text.Json.Nodes;
using Etl.Core.Engine;
using Etl.Runner.Display;
using Etl.Runner.Hosting;

namespace Etl.Runner.Commands;

/// <summary><c>etl state reset PIPELINE</c>: the pipeline forgets what it loaded.</summary>
internal static class StateResetCommand
{
    public static Command Create()
    {
        var file = new Argument<FileInfo>("pipeline") { Description = "The pipeline file." };
        var openRun = new Option<bool>("--open-run") { Description = "Forget only the open run; ledger and watermark stay." };
        var yes = new Option<bool>("--yes") { Description = "Do not ask." };
        var command = new Command("reset", "Forgets which objects were loaded, so that the next run loads all that are there. The table is not touched.") { file, openRun, yes };
        var json = new JsonOption().AddTo(command);
        var local = new LocalOptions().AddTo(command);
        var lease = new LeaseOptions().AddTo(command);
        command.Does(async (parsed, cancel) =>
        {
            await using var opened = await OpenedPipeline.OpenAsync(parsed.GetRequiredValue(file), local, parsed, cancel);
            var name = opened.Definition.Name;
            var only = parsed.GetValue(openRun);
            if (!Confirmation.Ask(
                only ? $"{name}: forget the open run? If it was loading, look in the table first for what it loaded."
                : $"{name}: forget every object that was loaded? The next run loads all of them again, and their rows stay in the table until you remove them.",
                parsed.GetValue(yes)))
                return ExitCodes.Interrupted;
            await new StateChanges(opened.Pipeline, lease.Read(parsed, "state reset")).ResetAsync(only, cancel);
            if (json.Read(parsed)) JsonLine.Print(new JsonObject { ["pipeline"] = name, ["forgotten"] = only ? "open-run" : "all" });
            else await Console.Out.WriteLineAsync(only ? $"{name}: the open run is forgotten." : $"{name}: nothing counts as loaded any more.");
            return ExitCodes.Success;
        });
        return command;
    }
}
