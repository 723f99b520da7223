using Etl.Connectors.Gcp.BigQuery.Client;
using Etl.Connectors.Gcp.BigQuery.Client.Data;

namespace Etl.Connectors.Gcp.BigQuery;

/// <summary><c>write: replace_partitions</c>: the partitions that the rows are of are looked up first and named in the statement, so that BigQuery reads no other.</summary>
internal sealed class ReplacePartitions(IBigQueryService service) : ITableStatement
{
    public bool ChangesTableWithoutRows => false;

    public async Task<JobConfigurationQuery> WriteAsync(TableLoad load, TableReference temporary, CancellationToken cancel)
    {
        var reader = new BigQueryReader(service, load.Options.Project, load.Location);
        var found = await reader.QueryAsync(PartitionRanges.Query(load.Run.Schema, load.Options, $"{temporary.ProjectId}.{temporary.DatasetId}.{temporary.TableId}"), cancel).ConfigureAwait(false);
        var partitions = await found.Rows.Select(row => row[0]).ToListAsync(cancel).ConfigureAwait(false);
        return ReplaceStatement.Write(load, temporary, PartitionRanges.Of(load.Run.Schema, load.Options, partitions).Condition("t."));
    }
}
