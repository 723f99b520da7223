using Etl.Connectors.Gcp.BigQuery.Client.Data;
using Etl.Core.Merging;

namespace Etl.Connectors.Gcp.BigQuery;

/// <summary><c>write: merge</c>.</summary>
internal sealed class MergeRows : ITableStatement
{
    public bool ChangesTableWithoutRows => false;

    public Task<JobConfigurationQuery> WriteAsync(TableLoad load, TableReference temporary, CancellationToken cancel) => Task.FromResult(new JobConfigurationQuery
    {
        Query = MergeStatement.Write(GoogleSql.Dialect, $"`{load.Target}`", $"`{temporary.ProjectId}.{temporary.DatasetId}.{temporary.TableId}`", load.Run.Schema, load.Options),
        UseLegacySql = false,
    });
}
