using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.State;

namespace Etl.Core.Engine;

/// <summary>The objects of a listing that a run reads. The listing may be of millions: it is looked through as it comes, and only what is chosen is kept.</summary>
internal sealed record ObjectSelection
{
    /// <summary>What to read, in the source's order.</summary>
    public required IReadOnlyList<SourceObject> Objects { get; init; }

    /// <summary>Listed objects that were dealt with before, of a source that wants to know them; empty for others.</summary>
    public required IReadOnlyList<SourceObject> Passed { get; init; }

    /// <summary>How many were listed.</summary>
    public required int Listed { get; init; }

    /// <summary>Objects that changed after they were loaded.</summary>
    public required int Changed { get; init; }

    /// <summary>The addresses of chosen objects whose earlier rows are to go.</summary>
    public required IReadOnlySet<string> Replaced { get; init; }

    /// <summary>With <see cref="IncrementalMode.Watermark"/>, how far the pipeline has read once these objects are loaded.</summary>
    public required Watermark? Watermark { get; init; }

    /// <summary>Lists and chooses.</summary>
    /// <exception cref="DataException">An object changed after it was loaded, and that is an error; or the pipeline's watermark is of something else.</exception>
    public static async Task<ObjectSelection> ListAsync(ISource source, IncrementalOptions options, IncrementalMode mode, ChangedObject changedObject, PipelineState state, Ledger ledger, CancellationToken cancel)
    {
        if (mode == IncrementalMode.Watermark && state.Watermark is { } known && known.By != options.By)
            throw new DataException($"The pipeline's watermark is of {Name(known.By)}, and the pipeline file says {Name(options.By)}; which objects were loaded cannot be told from that. Say by: {Name(known.By)}, or start anew with `etl state reset`.");

        var chosen = new List<SourceObject>();
        var passed = new List<SourceObject>();
        var changed = new List<string>();
        var replaced = new HashSet<string>(StringComparer.Ordinal);
        var mark = state.Watermark;
        var listed = 0;
        await foreach (var found in source.ListAsync(cancel).ConfigureAwait(false))
        {
            listed++;
            if (mode == IncrementalMode.Watermark) mark = Watermark.Raise(mark, found, options.By, options.Lookback.Value);
            if (mode == IncrementalMode.Full)
            {
                chosen.Add(found);
                continue;
            }

            var answer = ledger.Find(found);
            if (answer == LedgerAnswer.Changed) changed.Add(found.Uri);
            var isNew = answer == LedgerAnswer.Unknown && state.Watermark?.Covers(found) != true;
            var again = answer == LedgerAnswer.Wanted || (answer == LedgerAnswer.Changed && changedObject is ChangedObject.Replace or ChangedObject.Load);
            if (isNew || again) chosen.Add(found);
            else if (source is IAcknowledgedSource) passed.Add(found);
            if (again && changedObject == ChangedObject.Replace) replaced.Add(found.Uri);
        }

        if (changed.Count > 0 && changedObject == ChangedObject.Error)
            throw new DataException($"{changed[0]}{(changed.Count > 1 ? $" and {changed.Count - 1:N0} more objects" : "")} changed after its rows were loaded; loading it again would double them. Have its rows replaced with `incremental: {{ changed: replace }}` and `metadata: [object]`, leave it out with `incremental: {{ changed: skip }}`, use write: merge or replace, or give changed files new names.");
        return new ObjectSelection { Objects = chosen, Passed = passed, Listed = listed, Changed = changed.Count, Replaced = replaced, Watermark = mode == IncrementalMode.Watermark ? mark : null };
    }

    private static string Name(WatermarkBy by) => Pipelines.OptionModel.YamlName(by.ToString());
}
