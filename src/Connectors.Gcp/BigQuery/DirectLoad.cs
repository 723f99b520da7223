using Etl.Connectors.Gcp.BigQuery.Client.Data;
using Etl.Core.Contracts;

namespace Etl.Connectors.Gcp.BigQuery;

/// <summary>Append, and replacing a table or one partition of it: one load job straight into the table.</summary>
internal sealed class DirectLoad(BigQueryJobs jobs)
{
    /// <summary>Loads.</summary>
    /// <remarks>Without any staged file there is nothing a load job could take: what is to be replaced is emptied by a statement of the same identity.</remarks>
    public async Task<LoadReceipt> LoadAsync(TableLoad load, CancellationToken cancel)
    {
        if (load.Files.Count == 0 && load.Options.Write == WriteDisposition.Append) return load.Receipt("none: no rows were staged", 0);
        var destination = new TableReference { ProjectId = load.Options.Project, DatasetId = load.Options.Dataset, TableId = load.Options.Table + (load.Options.PartitionId is { } partition ? "$" + partition : "") };
        var empty = EmptyStatement(load);
        var configuration = load.Files.Count == 0 ? new JobConfiguration { Query = new JobConfigurationQuery { Query = empty, UseLegacySql = false } } : BigQueryLoad.IntoTable(load, destination);

        // Two sinks of one run share its identity, not its table.
        bool IsOurs(Job job) => job.Configuration?.Load?.DestinationTable is { } table
            ? table.ProjectId == destination.ProjectId && table.DatasetId == destination.DatasetId && table.TableId == destination.TableId
            : job.Configuration?.Query?.Query is not { } sql || sql == empty;

        var job = await jobs.RunAsync(new JobName(load.Options.Project, load.Location, load.JobId, IsOurs), configuration, cancel).ConfigureAwait(false);
        if (job.Status?.ErrorResult is not null) throw BigQueryErrors.Explain(job, load.Target);
        var rows = load.Counted(job, load.Target, "The rows are in the table; compare it with the staged files before it is used, and undo the load with `FOR SYSTEM_TIME AS OF` when it is wrong.");
        return load.Receipt(job.JobReference!.JobId!, rows);
    }

    private static string EmptyStatement(TableLoad load) => load.Options.PartitionId is null
        ? $"TRUNCATE TABLE `{load.Target}`"
        : $"DELETE FROM `{load.Target}` WHERE {PartitionRanges.Named(load.Run.Schema, load.Options).Condition("")}";
}
