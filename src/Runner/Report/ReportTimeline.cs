using System.Text.Json.Nodes;
using Etl.Core.Runs;

namespace Etl.Runner.Report;

/// <summary>When the phases and the splits were: splits side by side in as many lanes as it takes.</summary>
internal static class ReportTimeline
{
    private const int MostSplits = 300;
    private const int MostLanes = 32;

    /// <summary>For the page's script; null when no time is known.</summary>
    public static JsonObject? Json(RunDetails details)
    {
        var timed = details.Receipts.Where(r => r is { Started: not null, Ended: not null }).ToList();
        var phases = details.Report?.Timeline ?? [];
        if (timed.Count == 0 && phases.Count == 0) return null;
        var start = timed.Select(r => r.Started!.Value).Concat(phases.Select(p => p.Started)).Min();
        var end = timed.Select(r => r.Ended!.Value).Concat(phases.Select(p => p.Started.AddSeconds(p.Seconds))).Max();
        // The longest say most, in the order they began.
        var shown = timed.OrderByDescending(Seconds).Take(MostSplits).OrderBy(r => r.Started).ToList();
        return new JsonObject
        {
            ["start"] = start,
            ["seconds"] = Math.Max(0.001, (end - start).TotalSeconds),
            ["phases"] = new JsonArray([.. phases.Select(p => new JsonObject { ["phase"] = p.Phase.ToString().ToLowerInvariant(), ["at"] = (p.Started - start).TotalSeconds, ["seconds"] = p.Seconds })]),
            ["splits"] = new JsonArray([.. shown.Select(r => new JsonObject
            {
                ["split"] = r.Split,
                ["object"] = details.Run.Splits[r.Split].Object.Uri,
                ["at"] = (r.Started!.Value - start).TotalSeconds,
                ["started"] = r.Started,
                ["seconds"] = Seconds(r),
                ["rows"] = r.RowsRead,
                ["rejected"] = r.RowsRejected,
                ["read"] = r.BytesRead,
                ["sent"] = r.Files.Sum(f => f.Bytes),
            })]),
            ["lanes"] = new JsonArray([.. Lanes(shown).Select(lane => new JsonArray([.. lane.Select(i => JsonValue.Create(i))]))]),
            ["omitted"] = timed.Count - shown.Count,
        };
    }

    private static double Seconds(StageReceipt receipt) => Math.Max(0, (receipt.Ended!.Value - receipt.Started!.Value).TotalSeconds);

    // Each split in the first lane that is free; when all are taken, over others in the last.
    private static List<List<int>> Lanes(IReadOnlyList<StageReceipt> splits)
    {
        var lanes = new List<List<int>>();
        for (var i = 0; i < splits.Count; i++)
        {
            var free = lanes.Find(lane => splits[lane[^1]].Ended <= splits[i].Started);
            if (free is null && lanes.Count == MostLanes) free = lanes[^1];
            if (free is null) lanes.Add(free = []);
            free.Add(i);
        }

        return lanes;
    }
}
