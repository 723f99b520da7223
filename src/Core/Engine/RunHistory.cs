using Etl.Core.Runs;
using Etl.Core.State;

namespace Etl.Core.Engine;

/// <summary>What the last runs of a pipeline did. Reading it takes no lease and changes nothing.</summary>
public static class RunHistory
{
    /// <summary>The reports of up to <paramref name="count"/> committed runs, the last one first. It ends where `etl gc` removed a run, or where runs had no reports yet.</summary>
    public static async Task<IReadOnlyList<RunReport>> ReadAsync(Pipeline pipeline, int count, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        var records = pipeline.Records();
        return await ReadAsync(records, (await records.ReadStateAsync(cancel).ConfigureAwait(false)).State.LastRun, count, cancel).ConfigureAwait(false);
    }

    /// <summary>The same, from <paramref name="next"/> on.</summary>
    internal static async Task<IReadOnlyList<RunReport>> ReadAsync(RunRecords records, string? next, int count, CancellationToken cancel)
    {
        var reports = new List<RunReport>();
        while (next is not null && reports.Count < count && await records.ReadReportAsync(next, cancel).ConfigureAwait(false) is { } report)
        {
            reports.Add(report);
            next = report.Before;
        }

        return reports;
    }
}
