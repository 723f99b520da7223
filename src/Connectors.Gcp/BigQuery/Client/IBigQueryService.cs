using Etl.Connectors.Gcp.BigQuery.Client.Data;

namespace Etl.Connectors.Gcp.BigQuery.Client;

/// <summary>The calls of BigQuery's REST API that Etl makes: the seam behind which the official client can take the place of ours. Calls throw <see cref="Google.GoogleApiException"/>.</summary>
public interface IBigQueryService : IDisposable
{
    /// <summary>datasets.get</summary>
    Task<Dataset> GetDatasetAsync(DatasetReference dataset, CancellationToken cancel);

    /// <summary>tables.get</summary>
    Task<Table> GetTableAsync(TableReference table, CancellationToken cancel);

    /// <summary>tables.insert</summary>
    Task<Table> InsertTableAsync(Table table, CancellationToken cancel);

    /// <summary>tables.patch</summary>
    Task<Table> PatchTableAsync(Table table, CancellationToken cancel);

    /// <summary>tables.delete</summary>
    Task DeleteTableAsync(TableReference table, CancellationToken cancel);

    /// <summary>tables.list, a page.</summary>
    Task<TableList> ListTablesAsync(DatasetReference dataset, string? pageToken, CancellationToken cancel);

    /// <summary>tables.testIamPermissions: those of <paramref name="permissions"/> that the caller has on the table.</summary>
    Task<IReadOnlyList<string>> TestTablePermissionsAsync(TableReference table, IReadOnlyList<string> permissions, CancellationToken cancel);

    /// <summary>jobs.insert</summary>
    Task<Job> InsertJobAsync(Job job, CancellationToken cancel);

    /// <summary>jobs.get</summary>
    Task<Job> GetJobAsync(JobReference job, CancellationToken cancel);

    /// <summary>jobs.getQueryResults, waiting up to <paramref name="wait"/> for the job.</summary>
    Task<GetQueryResultsResponse> GetQueryResultsAsync(JobReference job, string? pageToken, int pageSize, TimeSpan wait, CancellationToken cancel);
}
