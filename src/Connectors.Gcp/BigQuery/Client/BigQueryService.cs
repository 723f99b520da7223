using System.Globalization;
using Etl.Connectors.Gcp.BigQuery.Client.Data;
using Etl.Connectors.Gcp.Federation;
using Google.Apis.Http;
using Google.Apis.Json;
using Google.Apis.Services;
using Newtonsoft.Json;

namespace Etl.Connectors.Gcp.BigQuery.Client;

/// <summary>BigQuery v2 on Google's client base: its HTTP stack, JSON, errors and back-off. Thin on purpose: Google.Cloud.BigQuery.V2 is to take its place.</summary>
internal sealed class BigQueryService(BaseClientService.Initializer initializer) : BaseClientService(initializer), IBigQueryService
{
    public override string Name => "bigquery";

    public override string BaseUri => GetEffectiveUri(BaseUriOverride, "https://bigquery.googleapis.com/bigquery/v2/");

    public override string BasePath => "bigquery/v2/";

    public override IList<string> Features => [];

    public static BigQueryService Create(GoogleSession session)
    {
        var emulator = Environment.GetEnvironmentVariable("BIGQUERY_EMULATOR_HOST");
        var initializer = new Initializer
        {
            ApplicationName = "etl",
            HttpClientInitializer = session.Credential,
            UniverseDomain = session.UniverseDomain,
            Serializer = new NewtonsoftJsonSerializer(TextAsItIs()),
            DefaultExponentialBackOffPolicy = ExponentialBackOffPolicy.UnsuccessfulResponse503,
        };
        if (!string.IsNullOrEmpty(emulator))
            initializer.BaseUri = (emulator.Contains("://", StringComparison.Ordinal) ? emulator : "http://" + emulator).TrimEnd('/') + "/bigquery/v2/";
        return new BigQueryService(initializer);
    }

    public Task<Dataset> GetDatasetAsync(DatasetReference dataset, CancellationToken cancel) =>
        new GetDatasetRequest(this) { ProjectId = dataset.ProjectId!, DatasetId = dataset.DatasetId! }.ExecuteAsync(cancel);

    public Task<Table> GetTableAsync(TableReference table, CancellationToken cancel) =>
        new TableRequest(this, "get", "GET", TablePath(table)) { ProjectId = table.ProjectId!, DatasetId = table.DatasetId! }.ExecuteAsync(cancel);

    public Task<Table> InsertTableAsync(Table table, CancellationToken cancel) =>
        new TableRequest(this, "insert", "POST", "projects/{+projectId}/datasets/{+datasetId}/tables", table) { ProjectId = table.TableReference!.ProjectId!, DatasetId = table.TableReference.DatasetId! }.ExecuteAsync(cancel);

    public Task<Table> PatchTableAsync(Table table, CancellationToken cancel) =>
        new TableRequest(this, "patch", "PATCH", TablePath(table.TableReference!), table) { ProjectId = table.TableReference!.ProjectId!, DatasetId = table.TableReference.DatasetId! }.ExecuteAsync(cancel);

    public Task DeleteTableAsync(TableReference table, CancellationToken cancel) =>
        new DeleteTableRequest(this, TablePath(table)) { ProjectId = table.ProjectId!, DatasetId = table.DatasetId! }.ExecuteAsync(cancel);

    public Task<TableList> ListTablesAsync(DatasetReference dataset, string? pageToken, CancellationToken cancel) =>
        new ListTablesRequest(this) { ProjectId = dataset.ProjectId!, DatasetId = dataset.DatasetId!, MaxResults = 1000, PageToken = pageToken }.ExecuteAsync(cancel);

    public async Task<IReadOnlyList<string>> TestTablePermissionsAsync(TableReference table, IReadOnlyList<string> permissions, CancellationToken cancel)
    {
        var request = new TestTablePermissionsRequest(this, TablePath(table) + ":testIamPermissions", new TestIamPermissionsRequest { Permissions = [.. permissions] }) { ProjectId = table.ProjectId!, DatasetId = table.DatasetId! };
        return [.. (await request.ExecuteAsync(cancel).ConfigureAwait(false)).Permissions ?? []];
    }

    public Task<Job> InsertJobAsync(Job job, CancellationToken cancel) =>
        new InsertJobRequest(this, job) { ProjectId = job.JobReference!.ProjectId! }.ExecuteAsync(cancel);

    public Task<Job> GetJobAsync(JobReference job, CancellationToken cancel) =>
        new GetJobRequest(this) { ProjectId = job.ProjectId!, JobId = job.JobId!, Location = job.Location }.ExecuteAsync(cancel);

    public Task<GetQueryResultsResponse> GetQueryResultsAsync(JobReference job, string? pageToken, int pageSize, TimeSpan wait, CancellationToken cancel) =>
        new GetQueryResultsRequest(this)
        {
            ProjectId = job.ProjectId!,
            JobId = job.JobId!,
            Location = job.Location,
            PageToken = pageToken,
            MaxResults = pageSize,
            TimeoutMs = (long)wait.TotalMilliseconds,
            UseInt64Timestamp = "true",
        }.ExecuteAsync(cancel);

    /// <summary>Rows hold text that may look like a date, and must stay what it is.</summary>
    private static JsonSerializerSettings TextAsItIs()
    {
        var settings = NewtonsoftJsonSerializer.CreateDefaultSettings();
        settings.DateParseHandling = DateParseHandling.None;
        return settings;
    }

    private static string TablePath(TableReference table) =>
        string.Create(CultureInfo.InvariantCulture, $"projects/{{+projectId}}/datasets/{{+datasetId}}/tables/{Uri.EscapeDataString(table.TableId!)}");
}
