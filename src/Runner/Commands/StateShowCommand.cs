using System.CommandLine;
using Etl.Core.Engine;
using Etl.Runner.Display;
using Etl.Runner.Hosting;

namespace Etl.Runner.Commands;

/// <summary><c>etl state show PIPELINE</c>: changes nothing and waits for nobody.</summary>
internal static class StateShowCommand
{
    public static Command Create()
    {
        var file = new Argument<FileInfo>("pipeline") { Description = "The pipeline file." };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("show", "Shows the ledger's size, the last run, an open run, the watermark, and who is at work.") { file, json };
        var local = new LocalOptions().AddTo(command);
        command.Does(async (parsed, cancel) =>
        {
            await using var opened = await OpenedPipeline.OpenAsync(parsed.GetRequiredValue(file), local, parsed, cancel);
            var status = await PipelineStatus.ReadAsync(opened.Pipeline, cancel);
            if (parsed.GetValue(json)) await Console.Out.WriteLineAsync(StatusView.Json(status, opened.Pipeline).AsMemory(), cancel);
            else StatusView.Show(Consoles.Out, status, opened.Pipeline);
            return ExitCodes.Success;
        });
        return command;
    }
}
