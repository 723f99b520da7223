using System.Text.Json.Nodes;
using Etl.Core.Runs;
using Etl.Core.Schemas;
using Etl.Core.Statistics;
using Etl.Runner.Commands;

namespace Etl.Runner.Report;

/// <summary>What the report shows, for its script. Bounded, whatever the run's size.</summary>
internal static class ReportJson
{
    private const int MostColumns = 1000;
    private const int MostNamed = 100;

    public static JsonObject Of(RunDetails details)
    {
        var (run, report, rows) = (details.Run, details.Report, details.Rows);
        var schema = run.Schema.Columns;
        var (read, sent) = (details.Receipts.Sum(r => r.BytesRead), details.Receipts.Sum(r => r.Files.Sum(f => f.Bytes)));
        return new JsonObject
        {
            ["pipeline"] = run.Pipeline,
            ["run"] = run.RunId,
            ["outcome"] = report is not null ? "committed" : details.Failure is null ? "not committed" : "failed",
            ["failure"] = details.Failure,
            ["committed"] = report?.Committed,
            ["objects"] = run.Splits.Select(s => s.Object.Uri).Distinct(StringComparer.Ordinal).Count(),
            ["splits"] = run.Splits.Count,
            ["splits_staged"] = details.Receipts.Count,
            ["rows"] = new JsonObject { ["read"] = rows.Read, ["staged"] = rows.Staged, ["rejected"] = rows.Rejected, ["filtered"] = rows.Filtered, ["loaded"] = report?.Loads.Sum(l => l.Rows) },
            ["seconds"] = new JsonObject((report?.Seconds ?? new Dictionary<string, double>()).Select(s => KeyValuePair.Create(s.Key, (JsonNode?)s.Value))),
            ["seconds_total"] = report?.Seconds.Values.Sum(),
            ["bytes"] = new JsonObject { ["read"] = read, ["sent"] = sent, ["files"] = details.Receipts.Sum(r => r.Files.Count), ["format"] = run.Encoding.Format.ToString().ToLowerInvariant() },
            ["egress"] = new JsonObject { ["price"] = details.Options.EgressPrice, ["cost"] = Cost(sent, details), ["saved"] = Cost(read - sent, details) },
            ["tables"] = Array(report?.Loads ?? [], l => new JsonObject
            {
                ["table"] = l.Target,
                ["job"] = l.Job,
                ["rows"] = l.Rows,
                ["changes"] = l.Changes is { } c ? new JsonObject { ["inserted"] = c.Inserted, ["updated"] = c.Updated, ["deleted"] = c.Deleted } : null,
            }),
            ["repairs"] = Array(Sums(details.Receipts.SelectMany(r => r.Repairs)), r => new JsonObject { ["kind"] = r.Key, ["rows"] = r.Value }),
            ["discarded"] = Array(Sums(details.Receipts.SelectMany(r => r.Discarded ?? new Dictionary<string, long>())), d => new JsonObject { ["column"] = d.Key, ["values"] = d.Value }),
            ["notes"] = Array((details.Findings?.Notes ?? []).Take(MostNamed), n => JsonValue.Create(n)),
            ["timeline"] = ReportTimeline.Json(details),
            ["throughput"] = ReportThroughput.Json(details.Receipts),
            ["values"] = details.Options.Values,
            ["columns_total"] = schema.Count,
            ["columns"] = Columns(details),
            ["rejects"] = Rejects(details),
            ["dialects"] = Array(details.Findings?.Dialects ?? [], d => new JsonObject { ["object"] = d.Object, ["encoding"] = d.Encoding, ["delimiter"] = ParserYaml.Readable(d.Delimiter), ["quote"] = d.Quote, ["skip"] = d.SkipRows }),
            ["history"] = Array(report is null ? details.Earlier : [report, .. details.Earlier], History),
        };
    }

    private static double Cost(long bytes, RunDetails details) => bytes / 1e9 * details.Options.EgressPrice;

    private static JsonArray Columns(RunDetails details)
    {
        // A column found by the name it has in the source: transforms may have renamed it since.
        var why = (details.Findings?.Columns ?? []).ToLookup(f => f.Column, StringComparer.OrdinalIgnoreCase);
        var profiles = details.Columns.ToDictionary(c => c.Column, StringComparer.OrdinalIgnoreCase);
        return Array(details.Run.Schema.Columns.Take(MostColumns), column =>
        {
            var finding = why[column.Name].Concat(why[column.SourceName ?? column.Name]).FirstOrDefault();
            var profile = profiles.GetValueOrDefault(column.Name);
            return new JsonObject
            {
                ["name"] = column.Name,
                ["source"] = column.SourceName,
                ["type"] = column.Type.SqlName(),
                ["masked"] = profile?.Masked ?? false,
                ["why"] = column.Metadata is not null ? "where the row comes from" : finding?.Why,
                ["hint"] = finding?.Hint?.Keys,
                ["profile"] = profile is null ? null : Profile(profile),
            };
        });
    }

    private static JsonObject Profile(ColumnStatistics column) => new()
    {
        ["rows"] = column.Rows,
        ["nulls"] = column.Nulls,
        ["distinct"] = column.DistinctEstimate,
        ["min"] = column.Min,
        ["max"] = column.Max,
        ["histogram"] = column.Histogram is not { Counts.Count: > 1 } histogram ? null : new JsonObject
        {
            ["from"] = HistogramEdge.Text(histogram.Start, column.Type),
            ["to"] = HistogramEdge.Text(histogram.Start + (histogram.Width * histogram.Counts.Count), column.Type),
            ["counts"] = Array(histogram.Counts, c => JsonValue.Create(c)),
        },
    };

    private static JsonObject Rejects(RunDetails details) => new()
    {
        ["counted"] = details.Rejects.Counted,
        ["groups"] = Array(details.Rejects.Groups, g => new JsonObject
        {
            ["kind"] = g.Kind,
            ["column"] = g.Column,
            ["reason"] = g.Reason,
            ["rows"] = g.Rows,
            ["places"] = Array(g.Places, p => new JsonObject { ["object"] = p.Object, ["line"] = p.Line, ["byte"] = p.Byte }),
        }),
        ["files"] = Array(details.Receipts.SelectMany(r => r.DeadLetters).Take(MostNamed), f => JsonValue.Create(f)),
    };

    private static JsonObject History(RunReport report) => new()
    {
        ["run"] = report.Run,
        ["committed"] = report.Committed,
        ["objects"] = report.Objects,
        ["read"] = report.Rows.Read,
        ["loaded"] = report.Loads.Sum(l => l.Rows),
        ["rejected"] = report.Rows.Rejected,
        ["filtered"] = report.Rows.Filtered,
        ["bytes"] = report.BytesRead,
        ["sent"] = report.BytesStaged,
        ["seconds"] = report.Seconds.Values.Sum(),
    };

    private static IEnumerable<KeyValuePair<string, long>> Sums(IEnumerable<KeyValuePair<string, long>> counts) =>
        counts.GroupBy(c => c.Key, StringComparer.Ordinal).OrderBy(c => c.Key, StringComparer.Ordinal).Take(MostNamed).Select(c => KeyValuePair.Create(c.Key, c.Sum(k => k.Value)));

    private static JsonArray Array<T>(IEnumerable<T> items, Func<T, JsonNode?> json) => [.. items.Select(json)];
}
