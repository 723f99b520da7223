using System.Text.Json.Nodes;
using Etl.Core.Runs;

namespace Etl.Runner.Report;

/// <summary>Rows and bytes read a second over the time of staging: what each split read is spread evenly over its time.</summary>
internal static class ReportThroughput
{
    private const int Steps = 60;

    /// <summary>For the page's script; null when no time is known.</summary>
    public static JsonObject? Json(IReadOnlyList<StageReceipt> receipts)
    {
        var timed = receipts.Where(r => r is { Started: not null, Ended: not null }).ToList();
        if (timed.Count == 0) return null;
        var start = timed.Min(r => r.Started!.Value);
        var seconds = Math.Max(0.001, (timed.Max(r => r.Ended!.Value) - start).TotalSeconds);
        var step = seconds / Steps;
        var (rows, bytes) = (new double[Steps], new double[Steps]);
        foreach (var receipt in timed)
        {
            var from = (receipt.Started!.Value - start).TotalSeconds;
            var to = Math.Max(from + (step / 1000), (receipt.Ended!.Value - start).TotalSeconds);
            for (var i = Math.Clamp((int)(from / step), 0, Steps - 1); i < Steps && i * step < to; i++)
            {
                var share = (Math.Min(to, (i + 1) * step) - Math.Max(from, i * step)) / (to - from);
                if (share <= 0) continue;
                rows[i] += share * (receipt.RowsRead ?? 0) / step;
                bytes[i] += share * receipt.BytesRead / step;
            }
        }

        return new JsonObject
        {
            ["seconds"] = seconds,
            ["rows"] = new JsonArray([.. rows.Select(r => JsonValue.Create(Math.Round(r, 1)))]),
            ["bytes"] = new JsonArray([.. bytes.Select(b => JsonValue.Create(Math.Round(b)))]),
            ["mean_rows"] = timed.Sum(r => r.RowsRead ?? 0) / seconds,
            ["mean_bytes"] = timed.Sum(r => r.BytesRead) / seconds,
        };
    }
}
