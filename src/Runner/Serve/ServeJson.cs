using System.Text.Json.Nodes;
using Etl.Core.Runs;

namespace Etl.Runner.Serve;

/// <summary>What `etl serve` answers. Names are snake_case and stay.</summary>
internal static class ServeJson
{
    public static JsonObject Of(ServedPipeline pipeline) => new()
    {
        ["name"] = pipeline.Name,
        ["running"] = pipeline.Progress is { } progress ? Of(progress) : null,
        ["failure"] = pipeline.Failure,
    };

    public static JsonObject Of(RunReport report) => new()
    {
        ["run"] = report.Run,
        ["committed"] = report.Committed,
        ["seconds"] = new JsonObject(report.Seconds.Select(s => KeyValuePair.Create(s.Key, (JsonNode?)s.Value))),
        ["objects"] = report.Objects,
        ["splits"] = report.Splits,
        ["rows"] = new JsonObject { ["read"] = report.Rows.Read, ["staged"] = report.Rows.Staged, ["rejected"] = report.Rows.Rejected, ["filtered"] = report.Rows.Filtered, ["loaded"] = report.Loads.Sum(l => l.Rows) },
        ["repairs"] = new JsonObject(report.Repairs.Select(r => KeyValuePair.Create(r.Key, (JsonNode?)r.Value))),
        ["bytes"] = new JsonObject { ["read"] = report.BytesRead, ["staged"] = report.BytesStaged },
        ["loads"] = new JsonArray([.. report.Loads.Select(l => new JsonObject { ["table"] = l.Target, ["job"] = l.Job, ["rows"] = l.Rows })]),
        ["dead_letters"] = new JsonArray([.. report.DeadLetters.Select(d => JsonValue.Create(d))]),
    };

    private static JsonObject Of(RunProgress progress) => new()
    {
        ["phase"] = progress.Phase?.ToString().ToLowerInvariant(),
        ["splits_done"] = progress.SplitsDone,
        ["splits"] = progress.SplitsTotal,
        ["rows_read"] = progress.RowsRead,
        ["rows_rejected"] = progress.RowsRejected,
        ["bytes_read"] = progress.BytesRead,
        ["bytes"] = progress.BytesTotal,
        ["bytes_staged"] = progress.BytesStaged,
    };
}
