using System.Net;
using System.Runtime.CompilerServices;
using Etl.Connectors.Gcp.BigQuery.Client;
using Etl.Connectors.Gcp.BigQuery.Client.Data;
using Etl.Connectors.Gcp.Federation;
using Etl.Core.Connectors;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Merging;
using Etl.Core.Runs;
using Etl.Core.State;
using Google;
using Microsoft.Extensions.Logging;
using TableSchema = Etl.Core.Schemas.TableSchema;

namespace Etl.Connectors.Gcp.BigQuery;

/// <summary>Loads a run's staged files into one BigQuery table: all rows or none, once. To <see cref="IStoredObjects"/>, what it stores are the temporary tables of runs, as <c>pipeline/run/table</c>.</summary>
public sealed class BigQueryLoadSink : ILoadSink, IDescribedTable, IStoredObjects, IStagedRows, IDisposable
{
    private readonly BigQueryOptions options;
    private readonly ConnectorContext context;
    private readonly Lazy<IBigQueryService> service;

    /// <summary>A sink that makes its client when it is first used.</summary>
    public BigQueryLoadSink(BigQueryOptions options, ConnectorContext context)
        : this(options, context, () => BigQueryService.Create(GoogleSession.Of(context)))
    {
    }

    internal BigQueryLoadSink(BigQueryOptions options, ConnectorContext context, Func<IBigQueryService> service)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(context);
        this.options = options;
        this.context = context;
        this.service = new Lazy<IBigQueryService>(service);
    }

    private string Target => $"{options.Project}.{options.Dataset}.{options.Table}";

    private TableReference Reference => new() { ProjectId = options.Project, DatasetId = options.Dataset, TableId = options.Table };

    /// <inheritdoc/>
    public LoadTerms Terms => new(options.Write) { KeepsRows = options.KeepsRows, Key = options.Key };

    /// <inheritdoc/>
    public async ValueTask<TargetTable> DescribeAsync(CancellationToken cancel) =>
        await CallAsync("look at", async () => BigQueryTables.Describe(Target, await FindTableAsync(cancel).ConfigureAwait(false)), cancel).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask CheckAsync(RunManifest run, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(run);
        var schema = run.Schema;
        BigQueryLoad.CheckFormat(run);
        BigQuerySchemas.CheckLayout(schema, options);
        MergeCheck.Check(schema, options);
        await CallAsync("check", async () =>
        {
            var location = await FindLocationAsync(cancel).ConfigureAwait(false);
            if (await FindTableAsync(cancel).ConfigureAwait(false) is not { } table) return true;
            CheckTable(schema, table);
            if (options.KeepsRows) await Widening(location).CheckAsync(schema, table, cancel).ConfigureAwait(false);
            return true;
        }, cancel).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<LoadReceipt> CommitAsync(RunManifest run, IReadOnlyList<StageReceipt> receipts, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(receipts);
        return await CallAsync("load into", async () =>
        {
            var location = await FindLocationAsync(cancel).ConfigureAwait(false);
            var table = await EnsureTableAsync(run.Schema, cancel).ConfigureAwait(false);
            if (options.KeepsRows) table = await Widening(location).ApplyAsync(TableLoad.JobIdOf(run), run.Schema, table, cancel).ConfigureAwait(false);
            var load = new TableLoad(run, receipts, options, table, location);
            var jobs = new BigQueryJobs(service.Value, context.Time);
            return Statement(run) is { } statement
                ? await new TemporaryLoad(service.Value, jobs, Temporary, statement).LoadAsync(load, cancel).ConfigureAwait(false)
                : await new DirectLoad(jobs).LoadAsync(load, cancel).ConfigureAwait(false);
        }, cancel).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancel)
    {
        foreach (var table in await CallAsync("list temporary tables beside", async () => await Temporary.ListAsync(prefix.TrimEnd('/'), cancel).ToListAsync(cancel).ConfigureAwait(false), cancel).ConfigureAwait(false))
            yield return table;
    }

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(StoredObject found, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(found);
        await CallAsync("remove a temporary table beside", () => Temporary.DeleteAsync(found.Name[(found.Name.LastIndexOf('/') + 1)..], cancel), cancel).ConfigureAwait(false);
    }

    private TemporaryTables Temporary => new(service.Value, options, context.Time, context.Logs.CreateLogger<BigQueryLoadSink>());

    /// <summary>What brings the rows from a temporary table into the table; null when they are loaded straight into it.</summary>
    private ITableStatement? Statement(RunManifest run) => options.Write switch
    {
        WriteDisposition.Merge => new MergeRows(),
        WriteDisposition.ReplacePartitions => new ReplacePartitions(service.Value),
        WriteDisposition.Append when run.Replaces is { Count: > 0 } => new ReplaceObjects(),
        _ => null,
    };

    /// <inheritdoc/>
    public SqlDialect Dialect => GoogleSql.Dialect;

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<long>> CountAsync(RunManifest run, IReadOnlyList<StageReceipt> receipts, StagedQuery query, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(query);
        return await CallAsync("query", async () =>
        {
            var location = await FindLocationAsync(cancel).ConfigureAwait(false);
            var rows = new BigQueryStagedRows(service.Value, new BigQueryJobs(service.Value, context.Time), options.Project, location);
            return await rows.CountAsync($"{TableLoad.JobIdOf(run)}_{query.Id}", run, [.. receipts.OrderBy(r => r.Split).SelectMany(r => r.Files)], query.Sql, cancel).ConfigureAwait(false);
        }, cancel).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (service.IsValueCreated) service.Value.Dispose();
    }

    private async Task<string?> FindLocationAsync(CancellationToken cancel)
    {
        try
        {
            var dataset = await service.Value.GetDatasetAsync(new DatasetReference { ProjectId = options.Project, DatasetId = options.Dataset }, cancel).ConfigureAwait(false);
            return options.Location ?? dataset.Location;
        }
        catch (GoogleApiException e) when (e.HttpStatusCode == HttpStatusCode.NotFound)
        {
            throw new ServiceException($"There is no BigQuery dataset {options.Project}.{options.Dataset}. Make it where the staging bucket is: `bq mk --dataset --location={options.Location ?? "LOCATION"} {options.Project}:{options.Dataset}`.", transient: false, e);
        }
    }

    private async Task<Table?> FindTableAsync(CancellationToken cancel)
    {
        try
        {
            return await service.Value.GetTableAsync(Reference, cancel).ConfigureAwait(false);
        }
        catch (GoogleApiException e) when (e.HttpStatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    private async Task<Table> EnsureTableAsync(TableSchema schema, CancellationToken cancel)
    {
        var table = await FindTableAsync(cancel).ConfigureAwait(false);
        if (table is null)
        {
            try
            {
                return await service.Value.InsertTableAsync(NewTable(schema), cancel).ConfigureAwait(false);
            }
            catch (GoogleApiException e) when (e.HttpStatusCode == HttpStatusCode.Conflict)
            {
                table = await service.Value.GetTableAsync(Reference, cancel).ConfigureAwait(false);
            }
        }
        CheckTable(schema, table);
        if (options.Cluster.Count > 0 && !options.Cluster.SequenceEqual(table.Clustering?.Fields ?? [], StringComparer.OrdinalIgnoreCase))
            // Unlike partitioning, clustering may change: https://cloud.google.com/bigquery/docs/manage-clustered-tables
            table = await service.Value.PatchTableAsync(new Table { TableReference = Reference, Clustering = new Clustering { Fields = [.. options.Cluster] } }, cancel).ConfigureAwait(false);
        return table;
    }

    private Table NewTable(TableSchema schema) => new()
    {
        TableReference = Reference,
        Description = options.Description,
        Labels = BigQueryLoad.Labels(options),
        Schema = BigQuerySchemas.ToApi(schema),
        TimePartitioning = options.Partition is { } partition ? new TimePartitioning { Field = partition.Column, Type = partition.By.ToString().ToUpperInvariant() } : null,
        Clustering = options.Cluster.Count == 0 ? null : new Clustering { Fields = [.. options.Cluster] },
    };

    private void CheckTable(TableSchema schema, Table table)
    {
        if (table.Type is not (null or "TABLE"))
            throw new ServiceException($"{Target} is a {table.Type}, which cannot be loaded into. Name another table.", transient: false);
        if (options.Partition is { } wanted
            && (!string.Equals(table.TimePartitioning?.Field, wanted.Column, StringComparison.OrdinalIgnoreCase) || !string.Equals(table.TimePartitioning?.Type, wanted.By.ToString(), StringComparison.OrdinalIgnoreCase)))
            throw new ServiceException($"The table {Target} is {(table.TimePartitioning is { } is_ ? $"partitioned by {is_.Type} of {is_.Field ?? "the load time"}" : "not partitioned")}, and the pipeline says by {wanted.By.ToString().ToUpperInvariant()} of {wanted.Column}. BigQuery cannot change that of a table: make `partition` agree, load into another table, or drop this one (`bq rm -t {options.Project}:{options.Dataset}.{options.Table}`).", transient: false);
        if (options.KeepsRows && table.Schema is { Fields.Count: > 0 } existing)
            BigQuerySchemas.CheckAppend(schema, existing, $"`{Target}`");
    }

    private BigQueryWidening Widening(string? location) => new(service.Value, new BigQueryJobs(service.Value, context.Time), Reference, location);

    private async Task<T> CallAsync<T>(string doing, Func<Task<T>> call, CancellationToken cancel)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (Exception e) when (e is not EtlException && !cancel.IsCancellationRequested)
        {
            var explained = BigQueryErrors.Explain(e, Target, doing);
            if (ReferenceEquals(explained, e)) throw;
            throw explained;
        }
    }
}
