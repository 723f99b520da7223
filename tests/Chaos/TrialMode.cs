namespace Etl.Chaos.Tests;

/// <summary>How a trial's pipeline writes.</summary>
/// <param name="Table">The table's options.</param>
/// <param name="More">What the pipeline has besides.</param>
/// <param name="Updates">Whether keys come again.</param>
/// <param name="TakesChanged">Whether an object may be written anew.</param>
internal sealed record TrialMode(string Table, string More = "", bool Updates = false, bool TakesChanged = false)
{
    private static readonly TrialMode[] All =
    [
        new("write: append"),
        new("write: append"),
        new("write: replace", TakesChanged: true),
        new("write: append", "metadata: [object, line, run_id, loaded_at]\nincremental: { changed: replace }", TakesChanged: true),
        new("write: merge, key: [id], latest_by: ver", Updates: true),
        new("write: merge, key: [id], latest_by: ver", "metadata: { object: from_object, loaded_at: at }", Updates: true),
        new("write: replace_partitions, partition: { column: day, by: day }", "incremental: objects", TakesChanged: true),
        new("write: replace_partitions, partition: { column: day, by: day }"),
    ];

    /// <summary>One of them.</summary>
    public static TrialMode Choose(Random random) => All[random.Next(All.Length)];
}
