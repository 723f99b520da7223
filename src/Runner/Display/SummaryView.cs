using System.Globalization;
using Etl.Core.Contracts;
using Etl.Core.Pipelines;
using Etl.Core.Runs;
using Etl.Runner.Hosting;
using Spectre.Console;

namespace Etl.Runner.Display;

/// <summary>What a run did, for a person or a program.</summary>
internal static class SummaryView
{
    public static void Show(RunSummary summary, PipelineDefinition definition, bool local, bool json)
    {
        if (json)
        {
            Console.Out.WriteLine(SummaryJson.Write(summary, definition.Name));
            return;
        }

        var console = Consoles.Out;
        console.WriteLine();
        foreach (var note in summary.Notes) console.MarkupLineInterpolated($"[yellow]note:[/] {CellText.Message(note)}");
        if (summary.Run is not { } run)
        {
            console.MarkupLineInterpolated($"[green]{definition.Name}[/]: nothing new to load{(summary.AlreadyLoaded == 0 ? "" : $"; {summary.AlreadyLoaded:N0} objects were loaded by earlier runs")}.");
            return;
        }

        SchemaTable.Show(console, run.Schema);
        DifferenceView.Show(console, run.Differences ?? []);
        ShowCounts(console, summary, run);
        foreach (var load in summary.Loads)
            console.MarkupLineInterpolated($"\nQuery it:  [bold]{load.Query}{(local && load.Query.StartsWith("etl ", StringComparison.Ordinal) ? " --local" : "")}[/]");
    }

    private static void ShowCounts(IAnsiConsole console, RunSummary summary, RunManifest run)
    {
        var rows = summary.Rows;
        var grid = new Grid().AddColumn().AddColumn();
        void Line(string name, string value) => grid.AddRow(new Text(name, new Style(decoration: Decoration.Bold)), new Text(value));

        Line("run", run.RunId + (summary.Resumed ? " (finished for an earlier process)" : ""));
        var objects = run.Splits.Select(s => s.Object.Uri).Distinct(StringComparer.Ordinal).Count();
        Line("objects", Number(objects) + (objects == run.Splits.Count ? "" : $" in {Number(run.Splits.Count)} splits") + (summary.AlreadyLoaded == 0 ? "" : $" ({Number(summary.AlreadyLoaded)} more were loaded by earlier runs)"));
        Line("rows", rows.Read is null
            ? $"{Number(summary.Loads.Sum(l => l.Rows))} loaded, counted by the load job"
            : $"{Number(rows.Read)} read = {Number(rows.Staged)} {(summary.Loads.Count > 0 ? "loaded" : "staged")} + {Number(rows.Rejected)} rejected + {Number(rows.Filtered)} filtered");
        foreach (var repair in summary.Receipts.SelectMany(r => r.Repairs).GroupBy(r => r.Key).OrderBy(r => r.Key, StringComparer.Ordinal))
            Line("repaired", $"{Number(repair.Sum(r => r.Value))} rows: {repair.Key}");
        foreach (var discard in summary.Receipts.SelectMany(r => r.Discarded ?? new Dictionary<string, long>()).GroupBy(r => r.Key).OrderBy(r => r.Key, StringComparer.Ordinal))
            Line("discarded", $"{Number(discard.Sum(r => r.Value))} values of {discard.Key}");
        if (summary.Assertions > 0) Line("asserted", $"{Number(summary.Assertions)} {(summary.Assertions == 1 ? "assertion holds" : "assertions hold")}");
        Line("bytes", $"{Sizes.Bytes(summary.Receipts.Sum(r => r.BytesRead))} read, {Sizes.Bytes(summary.Receipts.Sum(r => r.Files.Sum(f => f.Bytes)))} sent in {Number(summary.Receipts.Sum(r => r.Files.Count))} files ({Format(run.Encoding)})");
        Line("time", string.Join(", ", summary.Phases.Select(p => $"{p.Phase.ToString().ToLowerInvariant()} {Sizes.Time(p.Took)}")));
        foreach (var load in summary.Loads)
        {
            Line("table", $"{load.Target} (load {load.Job})");
            if (load.Changes is { } changes) Line("", $"{Number(changes.Inserted)} rows inserted, {Number(changes.Updated)} updated, {Number(changes.Deleted)} deleted");
        }

        foreach (var dead in summary.Receipts.SelectMany(r => r.DeadLetters)) Line("dead letters", dead);
        console.Write(grid);
    }

    private static string Number(long? value) => value?.ToString("N0", CultureInfo.InvariantCulture) ?? "?";

    private static string Format(StagingEncoding encoding) =>
        encoding.Compression is StagingCompression.Auto or StagingCompression.None ? encoding.Format.ToString().ToLowerInvariant()
        : $"{encoding.Format.ToString().ToLowerInvariant()}, {encoding.Compression.ToString().ToLowerInvariant()}";
}
