using Etl.Core.Contracts;

namespace Etl.Core.Pipelines;

/// <summary>Which incremental modes go with which write modes: none that loses rows or adds them twice.</summary>
internal static class IncrementalRules
{
    /// <summary>The mode when the pipeline file names none. What a load replaces must come whole, so everything is read; otherwise only what is new.</summary>
    public static IncrementalMode DefaultMode(IEnumerable<WriteDisposition> writes) =>
        writes.Any(w => w is WriteDisposition.Replace or WriteDisposition.ReplacePartitions) ? IncrementalMode.Full : IncrementalMode.Objects;

    /// <summary>What happens to a changed object when the pipeline file does not say: where loading it again puts nothing there twice, that.</summary>
    public static ChangedObject DefaultChanged(IReadOnlyCollection<WriteDisposition> writes) =>
        writes.Count > 0 && writes.All(IsRepeatable) ? ChangedObject.Load : ChangedObject.Error;

    /// <summary>What is wrong with the options, or null.</summary>
    public static string? Problem(IncrementalOptions options, IReadOnlyCollection<WriteDisposition> writes, MetadataOptions? metadata)
    {
        var mode = options.Mode ?? DefaultMode(writes);
        if (mode == IncrementalMode.Full && writes.Contains(WriteDisposition.Append))
            return writes.Any(w => w != WriteDisposition.Append)
                ? "one pipeline cannot both append and replace: with replace every run reads every object, and write: append would add their rows again each time; make a pipeline of each"
                : "incremental: full reads every object in every run, and with write: append its rows would be added again each time; say write: replace, or incremental: objects";
        if (mode != IncrementalMode.Full && writes.Contains(WriteDisposition.Replace))
            return "with write: replace the table would be left with nothing but the newest objects' rows; leave incremental out, or say write: append";
        if (options.Changed == ChangedObject.Load && !(writes.Count > 0 && writes.All(IsRepeatable)))
            return "changed: load loads the rows of a changed object again, and with write: append they would be there twice; say changed: replace, or write: merge";
        if (options.Changed != ChangedObject.Replace) return null;
        if (mode == IncrementalMode.Full || writes.Count == 0 || writes.Any(w => w != WriteDisposition.Append))
            return "changed: replace goes with write: append; the other modes put the rows of a changed object in the place of the old ones by themselves (changed: load)";
        return metadata?.Object is null ? "changed: replace finds the old rows by the object they are from: add `metadata: [object]` to the pipeline" : null;
    }

    private static bool IsRepeatable(WriteDisposition write) => write is WriteDisposition.Merge or WriteDisposition.ReplacePartitions;
}
