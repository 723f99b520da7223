using System.Text.Json.Nodes;
using Etl.Core.Runs;
using Etl.Core.Schemas;

namespace Etl.Runner.Display;

/// <summary>What a run did, for a program: one line. Names are snake_case and stay.</summary>
internal static class SummaryJson
{
    /// <summary>The line.</summary>
    public static string Write(RunSummary summary, string pipeline) => JsonLine.Of(Of(summary, pipeline));

    /// <summary>The object on it.</summary>
    public static JsonObject Of(RunSummary summary, string pipeline)
    {
        var rows = summary.Rows;
        return new JsonObject
        {
            ["pipeline"] = pipeline,
            ["run"] = summary.Run?.RunId,
            ["resumed"] = summary.Resumed,
            ["objects"] = summary.Run?.Splits.Select(s => s.Object.Uri).Distinct(StringComparer.Ordinal).Count() ?? 0,
            ["already_loaded"] = summary.AlreadyLoaded,
            ["splits"] = summary.Run?.Splits.Count ?? 0,
            ["rows"] = new JsonObject { ["read"] = rows.Read, ["staged"] = rows.Staged, ["rejected"] = rows.Rejected, ["filtered"] = rows.Filtered, ["loaded"] = summary.Loads.Sum(l => l.Rows) },
            ["repairs"] = new JsonObject(summary.Receipts.SelectMany(r => r.Repairs).GroupBy(r => r.Key).OrderBy(r => r.Key, StringComparer.Ordinal).Select(r => KeyValuePair.Create(r.Key, (JsonNode?)r.Sum(k => k.Value)))),
            ["bytes"] = new JsonObject { ["read"] = summary.Receipts.Sum(r => r.BytesRead), ["staged"] = summary.Receipts.Sum(r => r.Files.Sum(f => f.Bytes)) },
            ["seconds"] = new JsonObject(summary.Phases.GroupBy(p => p.Phase).Select(p => KeyValuePair.Create(p.Key.ToString().ToLowerInvariant(), (JsonNode?)Math.Round(p.Sum(t => t.Took.TotalSeconds), 3)))),
            ["schema"] = new JsonArray([.. (summary.Run?.Schema.Columns ?? []).Select(c => new JsonObject { ["name"] = c.Name, ["type"] = c.Type.SqlName(), ["mode"] = c.Nullable ? "NULLABLE" : "REQUIRED" })]),
            ["differences"] = DifferenceView.Json(summary.Run?.Differences ?? []),
            ["discarded"] = new JsonObject(summary.Receipts.SelectMany(r => r.Discarded ?? new Dictionary<string, long>()).GroupBy(r => r.Key).OrderBy(r => r.Key, StringComparer.Ordinal).Select(r => KeyValuePair.Create(r.Key, (JsonNode?)r.Sum(k => k.Value)))),
            ["assertions"] = summary.Assertions,
            ["loads"] = new JsonArray([.. summary.Loads.Select(l => new JsonObject { ["table"] = l.Target, ["job"] = l.Job, ["rows"] = l.Rows })]),
            ["dead_letters"] = new JsonArray([.. summary.Receipts.SelectMany(r => r.DeadLetters).Select(d => JsonValue.Create(d))]),
            ["notes"] = new JsonArray([.. summary.Notes.Select(n => JsonValue.Create(n))]),
        };
    }
}
