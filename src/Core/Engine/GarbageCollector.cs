using System.Text.RegularExpressions;
using Etl.Core.State;

namespace Etl.Core.Engine;

/// <summary>Removes what runs left behind: staged files, temporary tables and records of runs that are over, and parts of the ledger that nothing names. Never what the open run needs.</summary>
public sealed partial class GarbageCollector
{
    private readonly Pipeline pipeline;
    private readonly LeaseTerms terms;
    private readonly RunRecords records;

    /// <summary>A collector for <paramref name="pipeline"/>, its lease taken as <paramref name="terms"/> say.</summary>
    public GarbageCollector(Pipeline pipeline, LeaseTerms terms)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        (this.pipeline, this.terms, records) = (pipeline, terms, pipeline.Records());
    }

    [GeneratedRegex("^[0-9a-f]{20}$")]
    private static partial Regex RunId { get; }

    /// <summary>Finds what is older than <paramref name="age"/> and belongs to no open run, and removes it if <paramref name="confirm"/> says so. The lease is held all the while.</summary>
    public async Task<Garbage> CollectAsync(TimeSpan age, Func<Garbage, bool> confirm, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(confirm);
        var lease = await PipelineLease.TakeAsync(records, terms, pipeline.Time, cancel).ConfigureAwait(false);
        await using var _ = lease.ConfigureAwait(false);
        var garbage = await FindAsync(lease.State, pipeline.Time.GetUtcNow() - age, cancel).ConfigureAwait(false);
        if (garbage.Count == 0 || !confirm(garbage)) return garbage;

        // Records first: a receipt must not outlive the files it speaks of. Files are found without their records.
        foreach (var (store, found) in garbage.Records.Concat(garbage.Ledger).Select(r => ((IStoredObjects)pipeline.State, r)).Concat(garbage.Staged.Select(s => ((IStoredObjects)pipeline.Staging, s))).Concat(garbage.Temporary))
        {
            await lease.ConfirmAsync(cancel).ConfigureAwait(false);
            await store.DeleteAsync(found, cancel).ConfigureAwait(false);
        }

        return garbage;
    }

    private async Task<Garbage> FindAsync(PipelineState state, DateTimeOffset before, CancellationToken cancel)
    {
        // With no load sink the staged files are the result.
        var staged = pipeline.Loads.Count == 0 ? [] : await pipeline.Staging.ListAsync(pipeline.Name + "/", cancel).ToListAsync(cancel).ConfigureAwait(false);
        var documents = await records.ListAsync(cancel).ToListAsync(cancel).ConfigureAwait(false);
        var temporary = new List<(IStoredObjects Sink, StoredObject Table)>();
        foreach (var sink in pipeline.Loads.OfType<IStoredObjects>())
            await foreach (var table in sink.ListAsync(pipeline.Name + "/", cancel).ConfigureAwait(false)) temporary.Add((sink, table));
        var stagedRuns = staged.ToLookup(s => RunOf(s, 1));
        var temporaryRuns = temporary.ToLookup(t => RunOf(t.Table, 1));
        var recordedRuns = documents.ToLookup(d => d.Name.StartsWith($"{pipeline.Name}/runs/", StringComparison.Ordinal) ? RunOf(d, 2) : null);

        // A run whose types turned out wrong goes on as another one.
        var open = state.Open?.Run;
        var goesOnAs = open is null ? null : (await records.ReadSuccessorAsync(open, cancel).ConfigureAwait(false))?.Run.RunId;

        // A run goes as a whole, once the last of it is old.
        var over = stagedRuns.Concat(recordedRuns).Select(r => r.Key).Concat(temporaryRuns.Select(r => r.Key)).OfType<string>().Distinct()
            .Where(id => id != open && id != goesOnAs && stagedRuns[id].Concat(recordedRuns[id]).Concat(temporaryRuns[id].Select(t => t.Table)).All(o => o.Modified < before)).ToList();
        var named = state.Ledger.Select(s => $"{pipeline.Name}/{s.Name}").ToHashSet();
        return new Garbage(
            over,
            [.. over.SelectMany(id => stagedRuns[id])],
            [.. over.SelectMany(id => recordedRuns[id]), .. recordedRuns[null].Where(d => d.Name.EndsWith(".part", StringComparison.Ordinal) && d.Modified < before)],
            [.. recordedRuns[null].Where(d => d.Name.StartsWith($"{pipeline.Name}/ledger/", StringComparison.Ordinal) && d.Name.EndsWith(".zst", StringComparison.Ordinal) && d.Modified < before && !named.Contains(d.Name))],
            [.. over.SelectMany(id => temporaryRuns[id])]);
    }

    // What does not look like a run's is somebody else's.
    private static string? RunOf(StoredObject found, int part) => found.Name.Split('/') is { } parts && parts.Length > part + 1 && RunId.IsMatch(parts[part]) ? parts[part] : null;
}

/// <summary>What can go.</summary>
/// <param name="Runs">The runs whose files these are.</param>
/// <param name="Staged">Staged files.</param>
/// <param name="Records">Manifests, receipts and dead letters.</param>
/// <param name="Ledger">Parts of the ledger that were written over.</param>
/// <param name="Temporary">Temporary tables of load sinks, each with its sink.</param>
public sealed record Garbage(
    IReadOnlyList<string> Runs, IReadOnlyList<StoredObject> Staged, IReadOnlyList<StoredObject> Records, IReadOnlyList<StoredObject> Ledger, IReadOnlyList<(IStoredObjects Sink, StoredObject Table)> Temporary)
{
    /// <summary>How many files, documents and tables.</summary>
    public int Count => Staged.Count + Records.Count + Ledger.Count + Temporary.Count;

    /// <summary>Their size, that of tables aside.</summary>
    public long Bytes => Staged.Concat(Records).Concat(Ledger).Sum(o => o.Bytes);
}
