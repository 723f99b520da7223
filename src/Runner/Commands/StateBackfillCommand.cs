using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json.Nodes;
using Etl.Core.Contracts;
using Etl.Core.Engine;
using Etl.Runner.Display;
using Etl.Runner.Hosting;

namespace Etl.Runner.Commands;

/// <summary><c>etl state backfill PIPELINE --from --to</c>: the next run loads these objects again.</summary>
internal static class StateBackfillCommand
{
    public static Command Create()
    {
        var file = new Argument<FileInfo>("pipeline") { Description = "The pipeline file." };
        var from = new Option<DateTimeOffset>("--from") { Description = "The first day, or time with --by modified: 2026-11-25 or 2026-11-25T06:00Z (UTC when no offset is given).", Required = true, HelpName = "DATE", CustomParser = r => Time(r, endOfDay: false) };
        var to = new Option<DateTimeOffset>("--to") { Description = "The last day (all of it), or time.", Required = true, HelpName = "DATE", CustomParser = r => Time(r, endOfDay: true) };
        var by = new Option<WatermarkBy>("--by") { Description = "What the dates are of: key (the day or month that the address names, such as 2026-11-25, 2026/11/25, 20261125, year=2026/month=11/day=25) or modified.", DefaultValueFactory = _ => WatermarkBy.Key };
        var yes = new Option<bool>("--yes") { Description = "Do not ask." };
        var command = new Command("backfill", "Has the next run load objects again that were loaded before. Their old rows stay in the table: remove them first.") { file, from, to, by, yes };
        var json = new JsonOption().AddTo(command);
        var local = new LocalOptions().AddTo(command);
        var lease = new LeaseOptions().AddTo(command);
        command.Does(async (parsed, cancel) =>
        {
            var (first, last) = (parsed.GetRequiredValue(from), parsed.GetRequiredValue(to));
            if (last < first) throw new UsageException("--to is before --from.");
            await using var opened = await OpenedPipeline.OpenAsync(parsed.GetRequiredValue(file), local, parsed, cancel);
            var confirmed = false;
            var again = await new StateChanges(opened.Pipeline, lease.Read(parsed, "state backfill")).LoadAgainAsync(
                parsed.GetValue(by) == WatermarkBy.Modified ? o => o.Modified >= first && o.Modified <= last : o => KeyDates.Of(o.Uri) is { } named && named.First <= Day(last) && named.Last >= Day(first),
                found => confirmed = Confirmation.Ask(Question(opened, found), parsed.GetValue(yes)),
                cancel);
            if (again.Count == 0)
                return CommandRunner.Fail($"No object that was loaded is from {first:yyyy-MM-dd} to {last:yyyy-MM-dd} by {(parsed.GetValue(by) == WatermarkBy.Key ? "the date in its address; --by modified goes by the time it was modified" : "the time it was modified")}.");
            if (!confirmed) return ExitCodes.Interrupted;
            if (json.Read(parsed)) JsonLine.Print(new JsonObject { ["pipeline"] = opened.Definition.Name, ["again"] = again.Count });
            else await Console.Out.WriteLineAsync($"{opened.Definition.Name}: the next run loads {again.Count:N0} objects again.");
            return ExitCodes.Success;
        });
        return command;
    }

    private static string Question(OpenedPipeline opened, IReadOnlyList<SourceObject> found) =>
        $"{opened.Definition.Name}: load {found.Count:N0} objects again, from {found[0].Uri} to {found[^1].Uri}? " + opened.Pipeline.Changed switch
        {
            ChangedObject.Replace => "Their rows in the table are replaced (changed: replace).",
            ChangedObject.Load => "Their rows are merged into the table, or replace their partitions.",
            _ => "Their rows are in the table, and would be there twice: remove them before the next run.",
        };

    private static DateOnly Day(DateTimeOffset time) => DateOnly.FromDateTime(time.UtcDateTime);

    private static DateTimeOffset Time(ArgumentResult result, bool endOfDay)
    {
        var text = result.Tokens.Single().Value;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return new DateTimeOffset(day, endOfDay ? TimeOnly.MaxValue : TimeOnly.MinValue, TimeSpan.Zero);
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)) return time;
        result.AddError($"{text} is not a date such as 2026-11-25, or a time such as 2026-11-25T06:00Z.");
        return default;
    }
}
