using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Etl.Core.Runs;
using Etl.Core.Schemas;
using Spectre.Console;

namespace Etl.Runner.Display;

/// <summary>What a run would do, or will, for a person or a program.</summary>
internal sealed class PlanView(string pipeline, string file, RunPlan plan, bool open, int? tasks)
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public void Show(IAnsiConsole console)
    {
        foreach (var note in plan.Notes) console.MarkupLineInterpolated($"[yellow]note:[/] {CellText.Message(note)}");
        if (plan.Run is not { } run)
        {
            console.MarkupLineInterpolated($"[green]{pipeline}[/]: nothing new to load{(plan.AlreadyLoaded == 0 ? "" : $"; {plan.AlreadyLoaded:N0} objects were loaded by earlier runs")}.");
            return;
        }

        SchemaTable.Show(console, run.Schema);
        DifferenceView.Show(console, run.Differences ?? []);
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        void Line(string name, string value) => grid.AddRow(new Text(name, new Style(decoration: Decoration.Bold)), new Text(value));

        Line("run", run.RunId + (plan.Resumed ? " (was opened before)" : open ? " (open)" : ""));
        Line("objects", string.Create(CultureInfo.InvariantCulture, $"{Objects(run):N0} in {run.Splits.Count:N0} splits{(plan.AlreadyLoaded == 0 ? "" : $" ({plan.AlreadyLoaded:N0} more were loaded by earlier runs)")}"));
        Line("to read", Sizes.Bytes(run.Splits.Sum(s => s.Bytes)));
        if (plan.BytesToSend is { } sent) Line("to send", $"about {Sizes.Bytes(sent)} ({run.Encoding.Format.ToString().ToLowerInvariant()}), by what some objects come to");
        if (Shares(run) is { } shares)
            Line("tasks", string.Create(CultureInfo.InvariantCulture, $"{shares.Count:N0}, of {shares.Min(s => s.Count):N0} to {shares.Max(s => s.Count):N0} splits and {Sizes.Bytes(shares.Min(Bytes))} to {Sizes.Bytes(shares.Max(Bytes))} each"));
        console.Write(grid);
        console.WriteLine(open ? $"Next: etl stage {file} --task 0 --of M, and so on to M - 1; then etl commit {file}" : "Nothing was changed.");
    }

    public string Json() => new JsonObject
    {
        ["pipeline"] = pipeline,
        ["run"] = plan.Run?.RunId,
        ["open"] = open && plan.Run is not null,
        ["resumed"] = plan.Resumed,
        ["objects"] = plan.Run is { } run ? Objects(run) : 0,
        ["already_loaded"] = plan.AlreadyLoaded,
        ["splits"] = plan.Run?.Splits.Count ?? 0,
        ["bytes"] = plan.Run?.Splits.Sum(s => s.Bytes) ?? 0,
        ["bytes_to_send"] = plan.BytesToSend,
        ["schema"] = new JsonArray([.. (plan.Run?.Schema.Columns ?? []).Select(c => new JsonObject { ["name"] = c.Name, ["type"] = c.Type.SqlName(), ["mode"] = c.Nullable ? "NULLABLE" : "REQUIRED", ["source"] = c.SourceName })]),
        ["differences"] = DifferenceView.Json(plan.Run?.Differences ?? []),
        ["tasks"] = plan.Run is { } shared && Shares(shared) is { } shares ? new JsonArray([.. shares.Select((s, i) => new JsonObject { ["task"] = i, ["splits"] = s.Count, ["bytes"] = Bytes(s) })]) : null,
        ["notes"] = new JsonArray([.. plan.Notes.Select(n => JsonValue.Create(n))]),
    }.ToJsonString(Readable);

    private IReadOnlyList<IReadOnlyList<Split>>? Shares(RunManifest run) => tasks is { } count ? TaskShare.Divide(run.Splits, count) : null;

    private static long Bytes(IReadOnlyList<Split> splits) => splits.Sum(s => s.Bytes);

    private static int Objects(RunManifest run) => run.Splits.Select(s => s.Object.Uri).Distinct(StringComparer.Ordinal).Count();
}
