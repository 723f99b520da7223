using System.CommandLine;
using System.Text.Json.Nodes;
using Etl.Core.Engine;
using Etl.Core.Runs;
using Etl.Runner.Display;
using Etl.Runner.Hosting;

namespace Etl.Runner.Commands;

/// <summary><c>etl stage PIPELINE</c>: one stage task of an open run.</summary>
internal static class StageCommand
{
    public static Command Create()
    {
        var file = new Argument<FileInfo>("pipeline") { Description = "The pipeline file: the same, with the same variables, as it was planned with." };
        var parallelism = RunCommand.Parallelism();
        var command = new Command("stage", "Stages one task's share of the run that `etl plan --open` opened. It may run on any machine, twice, or again.") { file, parallelism };
        var task = new TaskOptions().AddTo(command);
        var run = new OpenRunOption().AddTo(command);
        var local = new LocalOptions().AddTo(command);
        var json = new JsonOption().AddTo(command);
        var grace = new GraceOption().AddTo(command);
        command.Does(async (parsed, cancel) =>
        {
            var share = task.Read(parsed, Environment.GetEnvironmentVariable);
            await using var opened = await OpenedPipeline.OpenAsync(parsed.GetRequiredValue(file), local, parsed, cancel);
            using var stop = grace.Listen(parsed);
            var progress = new RunProgress(TimeProvider.System);
            var engine = new RunEngine(opened.Pipeline, progress, parsed.GetValue(parallelism), stop: stop.Stop);
            var summary = await LiveProgress.ShowAsync(progress, opened, token => engine.StageAsync(share, run.Read(parsed), token), cancel);
            if (json.Read(parsed)) JsonLine.Print(Json(opened.Definition.Name, share, summary));
            else await Console.Out.WriteLineAsync(Words(opened.Definition.Name, share, summary));
            return ExitCodes.Success;
        });
        return command;
    }

    private static JsonObject Json(string pipeline, TaskShare share, TaskSummary summary) => new()
    {
        ["pipeline"] = pipeline,
        ["run"] = summary.Run?.RunId,
        ["task"] = share.Task,
        ["of"] = share.Of,
        ["splits"] = new JsonObject { ["of_task"] = summary.Splits, ["staged"] = summary.Receipts.Count },
        ["rows"] = new JsonObject { ["read"] = summary.Rows.Read, ["staged"] = summary.Rows.Staged, ["rejected"] = summary.Rows.Rejected, ["filtered"] = summary.Rows.Filtered },
        ["bytes"] = new JsonObject { ["read"] = summary.Receipts.Sum(r => r.BytesRead), ["staged"] = summary.Receipts.Sum(r => r.Files.Sum(f => f.Bytes)) },
        ["note"] = summary.Note,
    };

    private static string Words(string pipeline, TaskShare share, TaskSummary summary)
    {
        var name = $"{pipeline}: task {share.Task} of {share.Of}";
        if (summary.Run is null) return $"{name}: nothing to stage: {summary.Note}";
        var rows = summary.Rows;
        var counts = rows.Read is null ? "" : $" {rows.Read:N0} rows read = {rows.Staged:N0} staged + {rows.Rejected:N0} rejected + {rows.Filtered:N0} filtered;";
        var open = summary.Splits - summary.Receipts.Count;
        return $"{name}: run {summary.Run.RunId}: {summary.Receipts.Count:N0} of {summary.Splits:N0} splits staged;{counts} {Sizes.Bytes(summary.Receipts.Sum(r => r.BytesRead))} read, {Sizes.Bytes(summary.Receipts.Sum(r => r.Files.Sum(f => f.Bytes)))} sent."
            + (summary.Note is { } note ? $" Stopped before the end: {note}" : open > 0 ? $" {open:N0} {(open == 1 ? "split starts" : "splits start")} where no record could be told from a part of one; the commit stages {(open == 1 ? "it" : "them")}." : "");
    }
}
