using System.CommandLine;
using System.Text.Json.Nodes;
using Etl.Core.Engine;
using Etl.Core.Pipelines;
using Etl.Runner.Display;
using Etl.Runner.Hosting;

namespace Etl.Runner.Commands;

/// <summary><c>etl gc PIPELINE</c>: removes what runs left behind.</summary>
internal static class GcCommand
{
    public static Command Create()
    {
        var file = new Argument<FileInfo>("pipeline") { Description = "The pipeline file." };
        var olderThan = new Option<Duration>("--older-than") { Description = "Only what is older.", HelpName = "DURATION", DefaultValueFactory = _ => Duration.FromDays(7), CustomParser = Durations.Parse };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only say what would be removed." };
        var yes = new Option<bool>("--yes") { Description = "Do not ask." };
        var command = new Command("gc", "Removes the staged files and records (manifests, receipts, dead letters) of runs that are over. What an open run needs stays, and so does the table.") { file, olderThan, dryRun, yes };
        var json = new JsonOption().AddTo(command);
        var local = new LocalOptions().AddTo(command);
        var lease = new LeaseOptions().AddTo(command);
        command.Does(async (parsed, cancel) =>
        {
            await using var opened = await OpenedPipeline.OpenAsync(parsed.GetRequiredValue(file), local, parsed, cancel);
            var (name, removed) = (opened.Definition.Name, false);
            var garbage = await new GarbageCollector(opened.Pipeline, lease.Read(parsed, "gc")).CollectAsync(
                parsed.GetValue(olderThan).Value,
                found => removed = !parsed.GetValue(dryRun) && Confirmation.Ask($"{name}: remove {Words(found)}?", parsed.GetValue(yes)),
                cancel);
            if (opened.Pipeline.Loads.Count == 0) await Console.Error.WriteLineAsync("Staged files are this pipeline's result, so they stay.");
            if (json.Read(parsed)) JsonLine.Print(Json(name, garbage, removed));
            else await Console.Out.WriteLineAsync(garbage.Count == 0 ? $"{name}: nothing to remove." : $"{name}: {Words(garbage)} {(removed ? "removed" : parsed.GetValue(dryRun) ? "would be removed" : "left")}.");
            return ExitCodes.Success;
        });
        return command;
    }

    private static JsonObject Json(string pipeline, Garbage garbage, bool removed) => new()
    {
        ["pipeline"] = pipeline,
        ["runs"] = new JsonArray([.. garbage.Runs.Select(r => JsonValue.Create(r))]),
        ["staged"] = garbage.Staged.Count,
        ["records"] = garbage.Records.Count,
        ["ledger"] = garbage.Ledger.Count,
        ["temporary_tables"] = garbage.Temporary.Count,
        ["bytes"] = garbage.Bytes,
        ["removed"] = removed,
    };

    private static string Words(Garbage garbage) =>
        $"{garbage.Staged.Count:N0} staged files, {garbage.Records.Count:N0} records of {garbage.Runs.Count:N0} runs, {garbage.Ledger.Count:N0} old parts of the ledger{(garbage.Temporary.Count == 0 ? "" : $", {garbage.Temporary.Count:N0} temporary tables")} ({Sizes.Bytes(garbage.Bytes)})";
}
