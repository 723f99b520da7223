using Etl.Connectors.Gcp.BigQuery.Client;
using Etl.Connectors.Gcp.BigQuery.Client.Data;
using Etl.Core.Contracts;

namespace Etl.Connectors.Gcp.BigQuery;

/// <summary>
/// Write modes that need to see the rows beside those of the table: a load job into a temporary table, then one statement that changes the table, atomically. The statement's
/// job id follows from the run, so it is done once; until it is done, a temporary table that expired is loaded anew.
/// </summary>
internal sealed class TemporaryLoad(IBigQueryService service, BigQueryJobs jobs, TemporaryTables tables, ITableStatement statement)
{
    /// <summary>Loads, and changes the table.</summary>
    public async Task<LoadReceipt> LoadAsync(TableLoad load, CancellationToken cancel)
    {
        if (load.Files.Count == 0 && !statement.ChangesTableWithoutRows) return load.Receipt("none: no rows were staged", 0);

        // Two sinks of one run share its identity, not its tables.
        var loading = new JobName(load.Options.Project, load.Location, load.JobId, job => tables.IsOf(load.Run, job.Configuration?.Load?.DestinationTable));
        var changing = new JobName(load.Options.Project, load.Location, load.JobId + "_merge", job => job.Configuration?.Query?.Query?.StartsWith($"MERGE INTO `{load.Target}` AS t\n", StringComparison.Ordinal) != false);

        var change = await jobs.RunAsync(
            changing,
            async _ =>
            {
                await FitTableAsync(load, cancel).ConfigureAwait(false);
                var temporary = await FillAsync(load, loading, cancel).ConfigureAwait(false);
                return new JobConfiguration { Query = await statement.WriteAsync(load, temporary, cancel).ConfigureAwait(false), Labels = BigQueryLoad.Labels(load.Options) };
            },
            cancel).ConfigureAwait(false);
        if (change.Status?.ErrorResult is not null) throw BigQueryErrors.Explain(change, load.Target);

        var loaded = await jobs.FindDoneAsync(loading, cancel).ConfigureAwait(false);
        var rows = loaded is null ? 0 : Counted(load, loaded);
        await tables.DropAsync(load.Run, loaded?.Configuration?.Load?.DestinationTable, cancel).ConfigureAwait(false);
        var changed = change.Statistics?.Query?.DmlStats;
        return load.Receipt(change.JobReference!.JobId!, rows, new RowChanges(changed?.InsertedRowCount ?? 0, changed?.UpdatedRowCount ?? 0, changed?.DeletedRowCount ?? 0));
    }

    /// <summary>A temporary table that holds the run's rows: the one that is there, or a new one. Each attempt has its own, so that no two loads meet in one.</summary>
    private async Task<TableReference> FillAsync(TableLoad load, JobName loading, CancellationToken cancel)
    {
        if (load.Files.Count == 0) return await tables.EnsureAsync(load.Run, 1, cancel).ConfigureAwait(false);
        var job = await jobs.RunAsync(
            loading,
            async attempt => BigQueryLoad.IntoTemporary(load, await tables.EnsureAsync(load.Run, attempt, cancel).ConfigureAwait(false)),
            job => tables.ExistsAsync(job.Configuration!.Load!.DestinationTable!, cancel),
            cancel).ConfigureAwait(false);
        if (job.Status?.ErrorResult is not null) throw BigQueryErrors.Explain(job, load.Target);
        Counted(load, job);
        return job.Configuration!.Load!.DestinationTable!;
    }

    private static long Counted(TableLoad load, Job job) => load.Counted(job, "a temporary table", $"{load.Target} is as it was. Run again; when it stays so, compare the staged files with the temporary table.");

    /// <summary>A statement can neither add columns to the table nor make them nullable.</summary>
    private async Task FitTableAsync(TableLoad load, CancellationToken cancel)
    {
        if (load.Table.Schema is not { } existing || BigQuerySchemas.UpdateOptions(load.Run.Schema, existing) is null) return;
        var run = BigQuerySchemas.ToApi(load.Run.Schema, existing).Fields!.ToDictionary(f => f.Name!, StringComparer.OrdinalIgnoreCase);
        List<TableFieldSchema> fields = [.. (existing.Fields ?? []).Select(f => run.Remove(f.Name!, out var now) ? now : f)];
        fields.AddRange(load.Run.Schema.Columns.Where(c => run.ContainsKey(c.Name)).Select(c => run[c.Name]));
        await service.PatchTableAsync(new Table { TableReference = load.Table.TableReference, Schema = new TableSchema { Fields = fields } }, cancel).ConfigureAwait(false);
    }
}

/// <summary>The statement of a write mode. Called at most once a run and sink.</summary>
internal interface ITableStatement
{
    /// <summary>Whether a run without any row changes the table.</summary>
    bool ChangesTableWithoutRows { get; }

    /// <summary>The statement that brings the rows of <paramref name="temporary"/> into the table: a MERGE into <c>`target` AS t</c>.</summary>
    Task<JobConfigurationQuery> WriteAsync(TableLoad load, TableReference temporary, CancellationToken cancel);
}
