using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Runs;
using Etl.Core.State;
using Polly;

namespace Etl.Core.Engine;

/// <summary>Decides what a run reads, with which schema, to where; changes nothing.</summary>
internal sealed class Planner(Pipeline pipeline, ResiliencePipeline retry)
{
    /// <summary>The plan, given what the pipeline remembers.</summary>
    public async Task<RunPlan> PlanAsync(PipelineState state, CancellationToken cancel)
    {
        var listed = await ListAsync(cancel).ConfigureAwait(false);
        var objects = pipeline.ReadsAll ? listed : [.. listed.Where(o => state.Loaded.GetValueOrDefault(o.Uri) != o.Version)];
        if (objects.Count == 0)
            return new RunPlan(null, listed.Count, [], listed.Count == 0
                ? ["No object matched, so nothing was read or loaded. Check the source's path, prefix and pattern; set required: true to make this an error."] : []);

        var changed = objects.Where(o => !pipeline.ReadsAll && state.Loaded.ContainsKey(o.Uri)).Select(o => o.Uri).ToList();
        if (changed.Count > 0)
            throw new DataException($"{changed[0]}{(changed.Count > 1 ? $" and {changed.Count - 1:N0} more objects" : "")} changed after its rows were loaded; loading it again would double them. Use write: replace, or give changed files new names.");

        var proposal = await InferAsync(objects, new Sampler(pipeline.Source, pipeline.Time).SampleAsync, cancel).ConfigureAwait(false);
        return await MakeAsync(objects, proposal, state, listed.Count - objects.Count, cancel).ConfigureAwait(false);
    }

    /// <summary>The plan of the same objects with a schema that everything in them fits, when a type that was guessed from samples turned out wrong.</summary>
    public async Task<RunPlan> WidenAsync(RunPlan plan, SchemaBrokenException broken, PipelineState state, CancellationToken cancel)
    {
        List<SourceObject> objects = [.. plan.Run!.Splits.Select(s => s.Object).Distinct()];
        var whole = await InferAsync(objects, new Sampler(pipeline.Source, pipeline.Time).WholeAsync, cancel).ConfigureAwait(false);
        var widened = await MakeAsync(objects, whole, state, plan.AlreadyLoaded, cancel).ConfigureAwait(false);
        return widened with { Notes = [.. Widening.Notes(plan.Run.SourceSchema, whole, broken), .. widened.Notes] };
    }

    private ValueTask<SchemaProposal> InferAsync(IReadOnlyList<SourceObject> objects, Func<IReadOnlyList<SourceObject>, CancellationToken, IAsyncEnumerable<Sample>> samples, CancellationToken cancel) =>
        retry.ExecuteAsync(stop => pipeline.Parser.InferAsync(samples(objects, stop), stop), cancel);

    private async Task<RunPlan> MakeAsync(IReadOnlyList<SourceObject> objects, SchemaProposal proposal, PipelineState state, int alreadyLoaded, CancellationToken cancel)
    {
        var transforms = Stager.Bind(pipeline.Transforms, proposal.Schema);
        var run = new RunManifest
        {
            Pipeline = pipeline.Name,
            After = state.LastRun,
            OptionsDigest = pipeline.OptionsDigest,
            SinksDigest = pipeline.SinksDigest,
            SourceSchema = proposal.Schema,
            Schema = transforms.Count == 0 ? proposal.Schema : transforms[^1].Output,
            Encoding = pipeline.Staging.Encoding,
            Dialect = pipeline.Staging.Encoding.Format == StagingFormat.Passthrough ? Passthrough.CommonDialect(pipeline, proposal) : null,
            Splits = SplitPlan.Cut(objects, Divisible(proposal), pipeline.SplitBytes),
        };
        foreach (var load in pipeline.Loads)
            await retry.ExecuteAsync(async stop => await load.CheckAsync(run.Schema, stop).ConfigureAwait(false), cancel).ConfigureAwait(false);
        return new RunPlan(run, alreadyLoaded, proposal.Dialects, proposal.Notes);
    }

    // Staged as they are, objects are not cut: the load service reads whole files.
    private HashSet<string> Divisible(SchemaProposal proposal) =>
        pipeline.Staging.Encoding.Format == StagingFormat.Passthrough ? [] : [.. proposal.Dialects.Where(d => d.Divisible).Select(d => d.Uri)];

    private async Task<List<SourceObject>> ListAsync(CancellationToken cancel) =>
        await retry.ExecuteAsync(
            async stop =>
            {
                var objects = new List<SourceObject>();
                await foreach (var source in pipeline.Source.ListAsync(stop).ConfigureAwait(false)) objects.Add(source);
                return objects;
            },
            cancel).ConfigureAwait(false);
}

/// <summary>What planning found.</summary>
/// <param name="Run">The manifest, or null when there is nothing to read.</param>
/// <param name="AlreadyLoaded">Objects listed that the ledger has.</param>
/// <param name="Dialects">How the sampled objects are written.</param>
/// <param name="Notes">Findings and warnings.</param>
internal sealed record RunPlan(RunManifest? Run, int AlreadyLoaded, IReadOnlyList<ObjectDialect> Dialects, IReadOnlyList<string> Notes);
