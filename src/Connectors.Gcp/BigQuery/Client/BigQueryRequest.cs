using Google.Apis.Discovery;
using Google.Apis.Requests;
using Google.Apis.Services;
using Google.Apis.Util;

namespace Etl.Connectors.Gcp.BigQuery.Client;

/// <summary>One call of the REST API: verb, path template and body; parameters are the properties of the derived class.</summary>
internal abstract class BigQueryRequest<T>(IClientService service, string method, string verb, string path, object? body = null) : ClientServiceRequest<T>(service)
{
    /// <inheritdoc/>
    public override string MethodName => method;

    /// <inheritdoc/>
    public override string HttpMethod => verb;

    /// <inheritdoc/>
    public override string RestPath => path;

    [RequestParameter("projectId", RequestParameterType.Path)]
    public required string ProjectId { get; init; }

    /// <summary>Called by each derived constructor, once its properties can be found.</summary>
    protected override void InitParameters()
    {
        base.InitParameters();
        foreach (var property in GetType().GetProperties())
            if (Attribute.GetCustomAttribute(property, typeof(RequestParameterAttribute)) is RequestParameterAttribute parameter)
                RequestParameters.Add(parameter.Name, new Parameter { Name = parameter.Name, IsRequired = parameter.Type == RequestParameterType.Path, ParameterType = parameter.Type == RequestParameterType.Path ? "path" : "query" });
    }

    /// <inheritdoc/>
    protected override object? GetBody() => body;
}

/// <summary>https://cloud.google.com/bigquery/docs/reference/rest/v2/datasets/get</summary>
internal sealed class GetDatasetRequest : BigQueryRequest<Data.Dataset>
{
    public GetDatasetRequest(IClientService service) : base(service, "get", "GET", "projects/{+projectId}/datasets/{+datasetId}") => InitParameters();

    [RequestParameter("datasetId", RequestParameterType.Path)]
    public required string DatasetId { get; init; }
}

/// <summary>https://cloud.google.com/bigquery/docs/reference/rest/v2/tables: get, insert, patch.</summary>
internal sealed class TableRequest : BigQueryRequest<Data.Table>
{
    public TableRequest(IClientService service, string method, string verb, string path, Data.Table? body = null) : base(service, method, verb, path, body) => InitParameters();

    [RequestParameter("datasetId", RequestParameterType.Path)]
    public required string DatasetId { get; init; }
}

/// <summary>https://cloud.google.com/bigquery/docs/reference/rest/v2/tables/delete</summary>
internal sealed class DeleteTableRequest : BigQueryRequest<string>
{
    public DeleteTableRequest(IClientService service, string path) : base(service, "delete", "DELETE", path) => InitParameters();

    [RequestParameter("datasetId", RequestParameterType.Path)]
    public required string DatasetId { get; init; }
}

/// <summary>https://cloud.google.com/bigquery/docs/reference/rest/v2/tables/list</summary>
internal sealed class ListTablesRequest : BigQueryRequest<Data.TableList>
{
    public ListTablesRequest(IClientService service) : base(service, "list", "GET", "projects/{+projectId}/datasets/{+datasetId}/tables") => InitParameters();

    [RequestParameter("datasetId", RequestParameterType.Path)]
    public required string DatasetId { get; init; }

    [RequestParameter("maxResults", RequestParameterType.Query)]
    public long? MaxResults { get; init; }

    [RequestParameter("pageToken", RequestParameterType.Query)]
    public string? PageToken { get; init; }
}

/// <summary>https://cloud.google.com/bigquery/docs/reference/rest/v2/tables/testIamPermissions</summary>
internal sealed class TestTablePermissionsRequest : BigQueryRequest<Data.TestIamPermissionsResponse>
{
    public TestTablePermissionsRequest(IClientService service, string path, Data.TestIamPermissionsRequest body) : base(service, "testIamPermissions", "POST", path, body) => InitParameters();

    [RequestParameter("datasetId", RequestParameterType.Path)]
    public required string DatasetId { get; init; }
}

/// <summary>https://cloud.google.com/bigquery/docs/reference/rest/v2/jobs/insert</summary>
internal sealed class InsertJobRequest : BigQueryRequest<Data.Job>
{
    public InsertJobRequest(IClientService service, Data.Job job) : base(service, "insert", "POST", "projects/{+projectId}/jobs", job) => InitParameters();
}

/// <summary>https://cloud.google.com/bigquery/docs/reference/rest/v2/jobs/get</summary>
internal sealed class GetJobRequest : BigQueryRequest<Data.Job>
{
    public GetJobRequest(IClientService service) : base(service, "get", "GET", "projects/{+projectId}/jobs/{+jobId}") => InitParameters();

    [RequestParameter("jobId", RequestParameterType.Path)]
    public required string JobId { get; init; }

    [RequestParameter("location", RequestParameterType.Query)]
    public string? Location { get; init; }
}

/// <summary>https://cloud.google.com/bigquery/docs/reference/rest/v2/jobs/getQueryResults</summary>
internal sealed class GetQueryResultsRequest : BigQueryRequest<Data.GetQueryResultsResponse>
{
    public GetQueryResultsRequest(IClientService service) : base(service, "getQueryResults", "GET", "projects/{+projectId}/queries/{+jobId}") => InitParameters();

    [RequestParameter("jobId", RequestParameterType.Path)]
    public required string JobId { get; init; }

    [RequestParameter("location", RequestParameterType.Query)]
    public string? Location { get; init; }

    [RequestParameter("pageToken", RequestParameterType.Query)]
    public string? PageToken { get; init; }

    [RequestParameter("maxResults", RequestParameterType.Query)]
    public long? MaxResults { get; init; }

    [RequestParameter("timeoutMs", RequestParameterType.Query)]
    public long? TimeoutMs { get; init; }

    [RequestParameter("formatOptions.useInt64Timestamp", RequestParameterType.Query)]
    public string? UseInt64Timestamp { get; init; }
}
