using System.Globalization;
using System.Text.Json.Nodes;
using Etl.Core.Runs;
using Etl.Runner.Display;

namespace Etl.Runner.Lambda;

/// <summary>What a run did, in one line of the log and as an answer.</summary>
internal static class SummaryLine
{
    /// <summary>For people.</summary>
    public static string Of(RunSummary summary)
    {
        var notes = string.Concat(summary.Notes.Select(n => $" {n}"));
        if (summary.Run is not { } run) return $"nothing new to load; {summary.AlreadyLoaded} objects were loaded by earlier runs.{notes}";
        var (rows, took) = (summary.Rows, string.Join(", ", summary.Phases.Select(p => $"{p.Phase.ToString().ToLowerInvariant()} {Sizes.Time(p.Took)}")));
        return string.Create(CultureInfo.InvariantCulture, $"{run.Pipeline}: run {run.RunId}: {run.Splits.Count} splits, {rows.Read} rows read = {rows.Staged} loaded + {rows.Rejected} rejected + {rows.Filtered} filtered into {string.Join(", ", summary.Loads.Select(l => l.Target))}; {took}.{notes}");
    }

    /// <summary>For programs.</summary>
    public static JsonNode ToJson(RunSummary summary)
    {
        var rows = summary.Rows;
        return new JsonObject
        {
            ["run"] = summary.Run!.RunId,
            ["objects"] = summary.Run.Splits.Select(s => s.Object.Uri).Distinct().Count(),
            ["rows"] = new JsonObject { ["read"] = rows.Read, ["loaded"] = rows.Staged, ["rejected"] = rows.Rejected, ["filtered"] = rows.Filtered },
            ["tables"] = new JsonArray([.. summary.Loads.Select(l => (JsonNode)l.Target)]),
            ["notes"] = new JsonArray([.. summary.Notes.Select(n => (JsonNode)n)]),
        };
    }
}
