using System.CommandLine;
using Etl.Core.Engine;
using Etl.Core.Errors;
using Etl.Runner.Hosting;
using Etl.Runner.Report;

namespace Etl.Runner.Commands;

/// <summary><c>etl report PIPELINE [RUN]</c>: the HTML report of a run that was.</summary>
internal static class ReportCommand
{
    public static Command Create()
    {
        var file = new Argument<FileInfo>("pipeline") { Description = "The pipeline file." };
        var run = new Argument<string?>("run") { Description = "The run. Default: the last one that was committed, or when there is none, the one that is open.", Arity = ArgumentArity.ZeroOrOne };
        var output = new Option<FileInfo?>("--output", "-o") { Description = "The file to write; - for standard output. Default: .etl/reports/PIPELINE-RUN.html.", HelpName = "FILE" };
        var command = new Command("report", "Makes the HTML report of a run: one file, with no network.") { file, run, output };
        var local = new LocalOptions().AddTo(command);
        var json = new JsonOption("Print what the report shows as JSON, and write no file.").AddTo(command);
        command.Does(async (parsed, cancel) =>
        {
            await using var opened = await OpenedPipeline.OpenAsync(parsed.GetRequiredValue(file), local, parsed, cancel);
            var details = await RunDetailsReader.ReadAsync(opened.Pipeline, parsed.GetValue(run), cancel)
                ?? throw new DataException($"{opened.Definition.Name} has no run yet. `etl run` makes the first.");
            if (json.Read(parsed))
            {
                await Console.Out.WriteLineAsync(ReportJson.Of(details).ToJsonString().AsMemory(), cancel);
                return ExitCodes.Success;
            }

            await ReportFile.WriteAsync(details, parsed.GetValue(output), Console.Out, cancel);
            return ExitCodes.Success;
        });
        return command;
    }
}
