using System.Collections.Concurrent;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Runs;
using Etl.Core.State;
using Etl.Core.Statistics;

namespace Etl.Core.Engine;

/// <summary>Reads all that is known of a run. It takes no lease and changes nothing.</summary>
public static class RunDetailsReader
{
    private const int Parallelism = 16;
    private const int MostEarlier = 20;

    /// <summary>The details of a run, or null when the pipeline has none to tell of.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="runId">The run; null for the last one that was committed, or when there is none, the one that is open.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="DataException">There is no run of that id.</exception>
    public static async Task<RunDetails?> ReadAsync(Pipeline pipeline, string? runId, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        var records = pipeline.Records();
        var state = (await records.ReadStateAsync(cancel).ConfigureAwait(false)).State;
        if ((runId ?? state.LastRun ?? state.Open?.Run) is not { } wanted) return null;
        return await ReadStoredAsync(pipeline, records, wanted, cancel).ConfigureAwait(false)
            ?? throw new DataException($"{pipeline.Name} has no run {wanted}: it was never opened here, or `etl gc` removed it. `etl state show` names the last one.");
    }

    /// <summary>The details of the run that is open, or null when none is.</summary>
    public static async Task<RunDetails?> ReadOpenAsync(Pipeline pipeline, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        var records = pipeline.Records();
        var state = (await records.ReadStateAsync(cancel).ConfigureAwait(false)).State;
        return state.Open is { } open ? await ReadStoredAsync(pipeline, records, open.Run, cancel).ConfigureAwait(false) : null;
    }

    /// <summary>The details of a run by what is stored of it, or null when its manifest is not there.</summary>
    internal static async Task<RunDetails?> ReadStoredAsync(Pipeline pipeline, RunRecords records, string wanted, CancellationToken cancel)
    {
        if (await records.ReadManifestAsync(wanted, cancel).ConfigureAwait(false) is not { } run) return null;
        // One whose guessed types were broken goes on as another.
        if (await records.ReadSuccessorAsync(wanted, cancel).ConfigureAwait(false) is var (successor, _)) run = successor;
        var receipts = new ConcurrentBag<StageReceipt>();
        await Parallel.ForEachAsync(run.Splits, new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancel }, async (split, stop) =>
        {
            if (await records.ReadReceiptAsync(run.RunId, split.Index, stop).ConfigureAwait(false) is { } receipt) receipts.Add(receipt);
        }).ConfigureAwait(false);
        return await ReadAsync(pipeline, records, run, [.. receipts.OrderBy(r => r.Split)], cancel).ConfigureAwait(false);
    }

    /// <summary>The details of a run that has just ended: its receipts are not read again.</summary>
    public static Task<RunDetails> ReadAsync(Pipeline pipeline, RunManifest run, IReadOnlyList<StageReceipt> receipts, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        return ReadAsync(pipeline, pipeline.Records(), run, receipts, cancel);
    }

    /// <summary>The same, with the caller's way of retrying.</summary>
    internal static async Task<RunDetails> ReadAsync(Pipeline pipeline, RunRecords records, RunManifest run, IReadOnlyList<StageReceipt> receipts, CancellationToken cancel)
    {
        var report = await records.ReadReportAsync(run.RunId, cancel).ConfigureAwait(false);
        var options = pipeline.Report ?? new ReportOptions();
        var columns = ColumnStatistics.Merge(receipts.Select(r => r.Columns).OfType<IReadOnlyList<ColumnStatistics>>());
        return new RunDetails
        {
            Run = run,
            Report = report,
            Findings = await records.ReadFindingsAsync(run.RunId, cancel).ConfigureAwait(false),
            Receipts = receipts,
            Columns = options.Values ? columns : [.. columns.Select(c => c.WithoutValues())],
            Rejects = await new RejectGroups(records, run.RunId).ReadAsync(receipts, cancel).ConfigureAwait(false),
            Earlier = await RunHistory.ReadAsync(records, report is null ? run.After?.Split('/')[0] : report.Before, MostEarlier, cancel).ConfigureAwait(false),
            Options = options,
        };
    }
}
