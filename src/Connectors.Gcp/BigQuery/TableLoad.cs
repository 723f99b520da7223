using System.Text.RegularExpressions;
using Etl.Connectors.Gcp.BigQuery.Client.Data;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Runs;

namespace Etl.Connectors.Gcp.BigQuery;

/// <summary>What one run loads into one table.</summary>
/// <param name="Run">The run.</param>
/// <param name="Receipts">Its receipts.</param>
/// <param name="Options">The table, and how it is written.</param>
/// <param name="Table">The table as it is, with room for every column of the run.</param>
/// <param name="Location">Where the dataset is.</param>
internal sealed partial record TableLoad(RunManifest Run, IReadOnlyList<StageReceipt> Receipts, BigQueryOptions Options, Table Table, string? Location)
{
    /// <summary>The staged files, in order.</summary>
    public IReadOnlyList<StagedFile> Files { get; } = [.. Receipts.OrderBy(r => r.Split).SelectMany(r => r.Files)];

    /// <summary>The table, for people and, between back quotes, for SQL.</summary>
    public string Target => $"{Options.Project}.{Options.Dataset}.{Options.Table}";

    /// <summary>What the ids of the run's jobs begin with.</summary>
    public string JobId => JobIdOf(Run);

    /// <summary>What the ids of a run's jobs begin with.</summary>
    public static string JobIdOf(RunManifest run) => $"etl_{NotInIds().Replace(run.Pipeline, "-")}_{run.RunId}";

    /// <summary>Rows staged; null where nobody counted.</summary>
    private long? Staged => Receipts.Any(r => r.RowsStaged is null) ? null : Receipts.Sum(r => r.RowsStaged);

    /// <summary>The rows that a load job took, which must be those that were staged.</summary>
    /// <exception cref="DataException">They are not.</exception>
    public long Counted(Job job, string where, string then)
    {
        var rows = job.Statistics?.Load?.OutputRows ?? 0;
        return Staged is null || Staged == rows ? rows : throw new DataException($"BigQuery loaded {rows} rows into {where} (job {job.JobReference!.JobId}), and {Staged} were staged. {then}");
    }

    /// <summary>What the engine is told.</summary>
    public LoadReceipt Receipt(string job, long rows, RowChanges? changes = null) => new(Target, job, rows, $"etl query 'SELECT * FROM `{Target}` LIMIT 10'", changes);

    [GeneratedRegex("[^A-Za-z0-9_-]+")]
    private static partial Regex NotInIds();
}
