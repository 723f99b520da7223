using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Etl.Core.Contracts;
using Etl.Core.Engine;
using Etl.Core.Pipelines;
using Etl.Core.State;
using Spectre.Console;

namespace Etl.Runner.Display;

/// <summary>What a pipeline remembers, for a person or a program.</summary>
internal static class StatusView
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Show(IAnsiConsole console, PipelineStatus status, Pipeline pipeline)
    {
        var state = status.State;
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        void Line(string name, string value) => grid.AddRow(new Text(name, new Style(decoration: Decoration.Bold)), new Text(value));

        Line("pipeline", pipeline.Name);
        Line("kept in", status.Location);
        Line("reads", Reads(pipeline));
        Line("ledger", string.Create(CultureInfo.InvariantCulture, $"{status.Objects:N0} objects{(status.Wanted == 0 ? "" : $", {status.Wanted:N0} of them to be loaded again")}; {Sizes.Bytes(state.Ledger.Sum(s => s.Bytes))} in {state.Ledger.Count:N0} parts"));
        if (state.Watermark is { } mark) Line("watermark", mark.Key ?? Time(mark.Modified) + $"; the ledger has the objects since {Time(mark.Floor)}");
        Line("last run", state.LastRun is null ? "none" : $"{state.LastRun}{(state.LastCommit is { } when ? ", committed " + Time(when) : "")}{(status.Last is { } last ? Objects(last.Splits.DistinctBy(s => s.Object.Uri).Count()) : "")}");
        Line("open run", state.Open is not { } open ? "none" : $"{open.Run}, {(open.Phase == OpenPhase.Loading ? "left while loading" : "left while staging")}{(status.Open is { } run ? Objects(run.Splits.DistinctBy(s => s.Object.Uri).Count()) : "")}");
        Line("at work", state.Lease is not { } lease ? "nobody" : $"{lease}, last sign of life {Time(lease.Renewed)}{(ProcessMark.IsGone(lease) ? "; that process is gone" : "")}");
        console.Write(grid);
        if (state.SchemaChanges.Count > 0) console.Write(Changes(state.SchemaChanges));
    }

    private static Table Changes(IReadOnlyList<SchemaChange> changes)
    {
        var table = new Table().Border(TableBorder.Rounded).Title($"the last {changes.Count} changes of tables").AddColumns("when", "run", "table", "change");
        foreach (var change in changes)
        {
            List<string> lines = [.. change.Columns.Select(DifferenceView.Describe)];
            if (change.More > 0) lines.Add($"and {change.More} more columns");
            table.AddRow(new Text(Time(change.At)), new Text(change.Run), new Text(change.Table), new Text(change.IsNew ? "made" : string.Join('\n', lines)));
        }

        return table;
    }

    public static string Json(PipelineStatus status, Pipeline pipeline)
    {
        var state = status.State;
        return new JsonObject
        {
            ["pipeline"] = pipeline.Name,
            ["location"] = status.Location,
            ["incremental"] = OptionModel.YamlName(pipeline.Mode.ToString()),
            ["ledger"] = new JsonObject { ["objects"] = status.Objects, ["wanted"] = status.Wanted, ["bytes"] = state.Ledger.Sum(s => s.Bytes), ["parts"] = state.Ledger.Count },
            ["watermark"] = state.Watermark is { } mark ? new JsonObject { ["key"] = mark.Key, ["modified"] = mark.Modified, ["floor"] = mark.Floor } : null,
            ["last_run"] = state.LastRun is null ? null : new JsonObject { ["id"] = state.LastRun, ["committed"] = state.LastCommit },
            ["open_run"] = state.Open is { } open ? new JsonObject { ["id"] = open.Run, ["phase"] = OptionModel.YamlName(open.Phase.ToString()) } : null,
            ["lease"] = state.Lease is { } lease
                ? new JsonObject { ["command"] = lease.Command, ["host"] = lease.Host, ["process"] = lease.Process, ["since"] = lease.Since, ["renewed"] = lease.Renewed, ["until"] = lease.Until, ["gone"] = ProcessMark.IsGone(lease) } : null,
            ["generation"] = state.Generation,
            ["schema_changes"] = new JsonArray([.. state.SchemaChanges.Select(c => new JsonObject
            {
                ["at"] = c.At,
                ["run"] = c.Run,
                ["table"] = c.Table,
                ["new"] = c.IsNew,
                ["columns"] = DifferenceView.Json(c.Columns),
                ["more"] = c.More,
            })]),
        }.ToJsonString(Readable);
    }

    private static string Reads(Pipeline pipeline) => pipeline.Mode switch
    {
        IncrementalMode.Objects => "objects that were not loaded before (incremental: objects)",
        IncrementalMode.Full => "all objects in every run (incremental: full)",
        _ => $"objects beyond the watermark of {OptionModel.YamlName(pipeline.Incremental.By.ToString())} (incremental: watermark)",
    };

    private static string Objects(int count) => string.Create(CultureInfo.InvariantCulture, $"; {count:N0} objects");

    private static string Time(DateTimeOffset? time) => time?.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture) ?? "?";
}
