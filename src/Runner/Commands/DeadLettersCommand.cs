using System.CommandLine;
using System.Text.Json;
using Etl.Core.Contracts;
using Etl.Core.Engine;
using Etl.Runner.Display;
using Etl.Runner.Hosting;

namespace Etl.Runner.Commands;

/// <summary><c>etl dead-letters PIPELINE</c>: the rows that did not fit, and why.</summary>
internal static class DeadLettersCommand
{
    public static Command Create()
    {
        var file = new Argument<FileInfo>("pipeline") { Description = "The pipeline file." };
        var run = new Option<string?>("--run") { Description = "The run. Default: the open one, or else the last." };
        var rows = new Option<int>("--rows") { Description = "How many to show at most; with --json all, unless it is given.", DefaultValueFactory = _ => 20 };
        var command = new Command("dead-letters", "Shows the rejected rows of a run: object, line, column, value, reason.") { file, run, rows };
        var json = new JsonOption().AddTo(command);
        var local = new LocalOptions().AddTo(command);
        command.Does(async (parsed, cancel) =>
        {
            await using var opened = await OpenedPipeline.OpenAsync(parsed.GetRequiredValue(file), local, parsed, cancel);
            if ((parsed.GetValue(run) ?? await DeadLetters.RunAsync(opened.Pipeline, cancel)) is not { } wanted)
            {
                await Console.Error.WriteLineAsync($"{opened.Pipeline.Name}: no run yet.");
                return ExitCodes.Success;
            }

            if (json.Read(parsed)) await PrintAsync(opened.Pipeline, wanted, parsed.GetResult(rows) is { Implicit: false } ? parsed.GetValue(rows) : int.MaxValue, cancel);
            else await ShowAsync(opened.Pipeline, wanted, parsed.GetValue(rows), cancel);
            return ExitCodes.Success;
        });
        return command;
    }

    private static async Task PrintAsync(Pipeline pipeline, string run, int most, CancellationToken cancel)
    {
        await foreach (var reject in DeadLetters.ReadAsync(pipeline, run, cancel).Take(most))
            await Console.Out.WriteLineAsync(JsonSerializer.Serialize(reject, JsonLine.Options).AsMemory(), cancel);
    }

    private static async Task ShowAsync(Pipeline pipeline, string run, int most, CancellationToken cancel)
    {
        var (shown, all) = (new List<Reject>(), 0L);
        await foreach (var reject in DeadLetters.ReadAsync(pipeline, run, cancel))
            if (++all <= most) shown.Add(reject);
        if (all > 0) DeadLetterTable.Write(Consoles.Out, shown);
        await Console.Error.WriteLineAsync(all == 0 ? $"Run {run} has no dead letters." : $"{all:N0} dead letter{(all == 1 ? "" : "s")} of run {run}{(all > shown.Count ? $"; {shown.Count:N0} are shown, --rows N shows more, --json all with the whole row" : "")}.");
    }
}
