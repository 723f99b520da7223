namespace Etl.Chaos.Tests;

/// <summary>How a trial's pipeline writes.</summary>
/// <param name="Table">The table's options.</param>
/// <param name="More">What the pipeline has besides.</param>
/// <param name="Updates">Whether keys come again.</param>
/// <param name="TakesChanged">Whether an object may be written anew.</param>
internal sealed record TrialMode(string Table, string More = "", bool Updates = false, bool TakesChanged = false)
{
    // In an order in which the few seeds of each test class that a plain `dotnet test` runs have all of them between them.
    private static readonly TrialMode[] All =
    [
        new("write: replace_partitions, partition: { column: day, by: day }"),
        new("write: merge, key: [id], latest_by: ver", Updates: true),
        new("write: replace_partitions, partition: { column: day, by: day }", "incremental: objects", TakesChanged: true),
        new("write: append", "metadata: [object, line, run_id, loaded_at]\nincremental: { changed: replace }", TakesChanged: true),
        new("write: append"),
        new("write: merge, key: [id], latest_by: ver", "metadata: { object: from_object, loaded_at: at }", Updates: true),
        new("write: replace", TakesChanged: true),
        new("write: append"),
    ];

    /// <summary>The one with this number; after the last comes the first again.</summary>
    public static TrialMode Of(int number) => All[number % All.Length];
}
