using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Pipelines;
using Etl.Core.Runs;
using Etl.Core.Schemas;
using Etl.Core.State;
using Polly;

namespace Etl.Core.Engine;

/// <summary>Decides what a run reads, with which schema, to where; changes nothing.</summary>
internal sealed class Planner(Pipeline pipeline, ResiliencePipeline retry)
{
    /// <summary>The plan, given what the pipeline remembers and the run that was <paramref name="left"/> open, if any.</summary>
    public async Task<RunPlan> PlanAsync(PipelineState state, Ledger ledger, LeftRun? left, CancellationToken cancel)
    {
        var selection = await retry.ExecuteAsync(
            async stop => await ObjectSelection.ListAsync(pipeline.Source, pipeline.Incremental, pipeline.Mode, pipeline.Changed, state, ledger, stop).ConfigureAwait(false), cancel).ConfigureAwait(false);
        var (objects, passed) = (selection.Objects, selection.Listed - selection.Objects.Count);
        List<string> notes = selection.Changed == 0 ? [] : [ChangedNote(selection.Changed)];
        if (pipeline.Source is IAcknowledgedSource told) notes.AddRange(told.Notes);
        if (left is { IsStaging: true })
        {
            var (finish, note) = await left.AfterListingAsync(pipeline, selection, ledger, cancel).ConfigureAwait(false);
            notes.Add(note);
            if (finish) return new RunPlan(left.Run, passed, [], notes) { Resumed = true, Passed = selection.Passed };
        }

        if (selection.Listed == 0) notes.Add("No object matched, so nothing was read or loaded. Check the source's path, prefix and pattern; set required: true to make this an error.");
        if (objects.Count == 0) return new RunPlan(null, passed, [], notes) { Passed = selection.Passed };

        var taken = SplitPlan.Fitting(objects, pipeline.SplitBytes);
        if (taken < objects.Count && pipeline.Mode != IncrementalMode.Objects)
            throw new DataException($"{objects.Count:N0} objects are more than one load takes ({taken:N0} of them), and this pipeline (incremental: {OptionModel.YamlName(pipeline.Mode.ToString())}) needs one load of them all. Put small objects together, or read fewer with `prefix` or `pattern`.");
        if (taken < objects.Count) notes.Add($"{objects.Count - taken:N0} objects are left for the next run, because one load does not take more than {taken:N0} of them. Run again.");
        IReadOnlyList<SourceObject> now = [.. objects.Take(taken)];
        var proposal = await InferAsync(now, Sampler.SampleAsync, cancel).ConfigureAwait(false);
        List<string> replaces = [.. now.Select(o => o.Uri).Where(selection.Replaced.Contains)];
        var plan = await MakeAsync(now, proposal, state, state.After, selection.Watermark, replaces.Count == 0 ? null : replaces, passed, notes, cancel).ConfigureAwait(false);
        return plan with { Passed = selection.Passed };
    }

    private string ChangedNote(int count) => $"{count:N0} {(count == 1 ? "object" : "objects")} changed after the load " + pipeline.Changed switch
    {
        ChangedObject.Skip => "and left out (changed: skip); the table has the rows of then.",
        ChangedObject.Replace => $"and loaded again; {(count == 1 ? "its" : "their")} rows take the place of those of then (changed: replace).",
        _ => "and loaded again (changed: load).",
    };

    private Sampler Sampler => new(pipeline.Source, pipeline.Parser, pipeline.Time, pipeline.Limits.Unpack);

    /// <summary>The plan of the same objects with a schema that everything in them fits, when a type that was guessed from samples turned out wrong.</summary>
    public async Task<RunPlan> WidenAsync(RunPlan plan, PipelineState state, SchemaBrokenException broken, CancellationToken cancel)
    {
        List<SourceObject> objects = [.. plan.Run!.Splits.Select(s => s.Object).Distinct()];
        var whole = await InferAsync(objects, Sampler.WholeAsync, cancel).ConfigureAwait(false);
        var notes = Widening.Notes(plan.Run.SourceSchema, whole, broken);
        var widened = await MakeAsync(objects, whole, state, plan.Run.After, plan.Run.Watermark, plan.Run.Replaces, plan.AlreadyLoaded, notes, cancel).ConfigureAwait(false);
        return widened with { Resumed = plan.Resumed };
    }

    private ValueTask<SchemaProposal> InferAsync(IReadOnlyList<SourceObject> objects, Func<IReadOnlyList<SourceObject>, CancellationToken, IAsyncEnumerable<Sample>> samples, CancellationToken cancel) =>
        retry.ExecuteAsync(stop => pipeline.Parser.InferAsync(samples(objects, stop), stop), cancel);

    private async Task<RunPlan> MakeAsync(
        IReadOnlyList<SourceObject> objects, SchemaProposal found, PipelineState state, string? after, Watermark? watermark, IReadOnlyList<string>? replaces, int passed, IEnumerable<string> notes, CancellationToken cancel)
    {
        // A load that replaces the table replaces its types too.
        var proposal = pipeline.Loads.Any(l => l.Terms.KeepsRows) ? KnownTypes.Keep(found, state.Columns) : found;
        proposal = proposal with { Schema = MetadataColumns.Add(proposal.Schema, pipeline.Metadata) };
        var fit = SchemaFit.Make(pipeline.Transforms, proposal, await DescribeAsync(cancel).ConfigureAwait(false));
        var passes = pipeline.Staging.Encoding.Format == StagingFormat.Passthrough;
        if (passes) Passthrough.CheckFit(fit);
        var run = new RunManifest
        {
            Pipeline = pipeline.Name,
            After = after,
            Watermark = watermark,
            Replaces = replaces,
            OptionsDigest = pipeline.OptionsDigest,
            SinksDigest = pipeline.SinksDigest,
            SourceSchema = fit.Source,
            Schema = fit.Schema,
            Placed = passes ? null : fit.Placed,
            Differences = fit.Differences,
            Encoding = pipeline.Staging.Encoding,
            PartitionBy = pipeline.PartitionBy.Count == 0 ? null : pipeline.PartitionBy,
            Dialect = passes ? Passthrough.CommonDialect(pipeline, proposal) : null,
            Splits = SplitPlan.Cut(objects, Divisible(proposal), pipeline.SplitBytes),
        };
        if (pipeline.Changed == ChangedObject.Replace && run.Schema.Find(RowOrigin.Object) is null)
            throw new DataException("changed: replace finds the old rows by the object they are from, and a transform leaves out that column. Name it in `select: keep`, or take it out of `drop`.");
        Assertions.CheckColumns(pipeline.Assert, run);
        if (run.PartitionBy is { } by) PartitionFolders.Check(run.Schema, by);
        foreach (var load in pipeline.Loads)
            await retry.ExecuteAsync(async stop => await load.CheckAsync(run, stop).ConfigureAwait(false), cancel).ConfigureAwait(false);
        return new RunPlan(run, passed, proposal.Dialects, [.. notes, .. proposal.Notes, .. fit.Notes]) { Findings = [.. proposal.Findings.Select(f => f with { Example = null })] };
    }

    private async Task<IReadOnlyList<(bool KeepsRows, TargetTable Table)>> DescribeAsync(CancellationToken cancel)
    {
        var tables = new List<(bool KeepsRows, TargetTable Table)>();
        foreach (var load in pipeline.Loads)
            if (load is IDescribedTable described)
                tables.Add((load.Terms.KeepsRows, await retry.ExecuteAsync(async stop => await described.DescribeAsync(stop).ConfigureAwait(false), cancel).ConfigureAwait(false)));
        return tables;
    }

    // Staged as they are, objects are not cut: the load service reads whole files. Nor when rows are to have their lines, which only who read all before them knows,
    // nor for a transform that remembers what came before.
    private HashSet<string> Divisible(SchemaProposal proposal) =>
        pipeline.Staging.Encoding.Format == StagingFormat.Passthrough || pipeline.Metadata.Line is not null || pipeline.Transforms.Any(t => t.NeedsWholeObjects) ? [] : [.. proposal.Dialects.Where(d => d.Divisible).Select(d => d.Uri)];
}
