using Google.Apis.Requests;
using Newtonsoft.Json;

namespace Etl.Connectors.Gcp.BigQuery.Client.Data;

// The resources of https://cloud.google.com/bigquery/docs/reference/rest/v2 that Etl reads or writes, with the names and types of
// Google.Apis.Bigquery.v2.Data, so that the official package can take this file's place.

public sealed class DatasetReference
{
    [JsonProperty("projectId")] public string? ProjectId { get; set; }

    [JsonProperty("datasetId")] public string? DatasetId { get; set; }
}

public sealed class Dataset : IDirectResponseSchema
{
    [JsonProperty("datasetReference")] public DatasetReference? DatasetReference { get; set; }

    [JsonProperty("location")] public string? Location { get; set; }

    [JsonProperty("etag")] public string? ETag { get; set; }
}

public sealed class TableReference
{
    [JsonProperty("projectId")] public string? ProjectId { get; set; }

    [JsonProperty("datasetId")] public string? DatasetId { get; set; }

    [JsonProperty("tableId")] public string? TableId { get; set; }
}

public sealed class TableFieldSchema
{
    [JsonProperty("name")] public string? Name { get; set; }

    [JsonProperty("type")] public string? Type { get; set; }

    [JsonProperty("mode")] public string? Mode { get; set; }

    [JsonProperty("description")] public string? Description { get; set; }

    [JsonProperty("fields")] public IList<TableFieldSchema>? Fields { get; set; }
}

public sealed class TableSchema
{
    [JsonProperty("fields")] public IList<TableFieldSchema>? Fields { get; set; }
}

public sealed class TimePartitioning
{
    [JsonProperty("type")] public string? Type { get; set; }

    [JsonProperty("field")] public string? Field { get; set; }
}

public sealed class Clustering
{
    [JsonProperty("fields")] public IList<string>? Fields { get; set; }
}

public sealed class Table : IDirectResponseSchema
{
    [JsonProperty("tableReference")] public TableReference? TableReference { get; set; }

    [JsonProperty("description")] public string? Description { get; set; }

    [JsonProperty("labels")] public IDictionary<string, string>? Labels { get; set; }

    [JsonProperty("schema")] public TableSchema? Schema { get; set; }

    [JsonProperty("timePartitioning")] public TimePartitioning? TimePartitioning { get; set; }

    [JsonProperty("clustering")] public Clustering? Clustering { get; set; }

    [JsonProperty("type")] public string? Type { get; set; }

    [JsonProperty("location")] public string? Location { get; set; }

    [JsonProperty("numRows")] public ulong? NumRows { get; set; }

    [JsonProperty("expirationTime")] public long? ExpirationTime { get; set; }

    [JsonProperty("etag")] public string? ETag { get; set; }
}

public sealed class TableList : IDirectResponseSchema
{
    [JsonProperty("tables")] public IList<TablesData>? Tables { get; set; }

    [JsonProperty("nextPageToken")] public string? NextPageToken { get; set; }

    [JsonProperty("etag")] public string? ETag { get; set; }

    public sealed class TablesData
    {
        [JsonProperty("tableReference")] public TableReference? TableReference { get; set; }

        [JsonProperty("creationTime")] public long? CreationTime { get; set; }
    }
}

public sealed class ErrorProto
{
    [JsonProperty("reason")] public string? Reason { get; set; }

    [JsonProperty("location")] public string? Location { get; set; }

    [JsonProperty("message")] public string? Message { get; set; }
}

public sealed class JobReference
{
    [JsonProperty("projectId")] public string? ProjectId { get; set; }

    [JsonProperty("jobId")] public string? JobId { get; set; }

    [JsonProperty("location")] public string? Location { get; set; }
}

public sealed class ParquetOptions
{
    [JsonProperty("enableListInference")] public bool? EnableListInference { get; set; }
}

public sealed class JobConfigurationLoad
{
    [JsonProperty("sourceUris")] public IList<string>? SourceUris { get; set; }

    [JsonProperty("sourceFormat")] public string? SourceFormat { get; set; }

    [JsonProperty("destinationTable")] public TableReference? DestinationTable { get; set; }

    [JsonProperty("schema")] public TableSchema? Schema { get; set; }

    [JsonProperty("autodetect")] public bool? Autodetect { get; set; }

    [JsonProperty("createDisposition")] public string? CreateDisposition { get; set; }

    [JsonProperty("writeDisposition")] public string? WriteDisposition { get; set; }

    [JsonProperty("schemaUpdateOptions")] public IList<string>? SchemaUpdateOptions { get; set; }

    [JsonProperty("timePartitioning")] public TimePartitioning? TimePartitioning { get; set; }

    [JsonProperty("clustering")] public Clustering? Clustering { get; set; }

    [JsonProperty("parquetOptions")] public ParquetOptions? ParquetOptions { get; set; }

    [JsonProperty("decimalTargetTypes")] public IList<string>? DecimalTargetTypes { get; set; }

    [JsonProperty("encoding")] public string? Encoding { get; set; }

    [JsonProperty("fieldDelimiter")] public string? FieldDelimiter { get; set; }

    [JsonProperty("quote")] public string? Quote { get; set; }

    [JsonProperty("skipLeadingRows")] public int? SkipLeadingRows { get; set; }

    [JsonProperty("allowQuotedNewlines")] public bool? AllowQuotedNewlines { get; set; }

    [JsonProperty("maxBadRecords")] public int? MaxBadRecords { get; set; }
}

public sealed class CsvOptions
{
    [JsonProperty("encoding")] public string? Encoding { get; set; }

    [JsonProperty("fieldDelimiter")] public string? FieldDelimiter { get; set; }

    [JsonProperty("quote")] public string? Quote { get; set; }

    [JsonProperty("skipLeadingRows")] public long? SkipLeadingRows { get; set; }

    [JsonProperty("allowQuotedNewlines")] public bool? AllowQuotedNewlines { get; set; }
}

public sealed class ExternalDataConfiguration
{
    [JsonProperty("sourceUris")] public IList<string>? SourceUris { get; set; }

    [JsonProperty("sourceFormat")] public string? SourceFormat { get; set; }

    [JsonProperty("schema")] public TableSchema? Schema { get; set; }

    [JsonProperty("autodetect")] public bool? Autodetect { get; set; }

    [JsonProperty("compression")] public string? Compression { get; set; }

    [JsonProperty("maxBadRecords")] public int? MaxBadRecords { get; set; }

    [JsonProperty("decimalTargetTypes")] public IList<string>? DecimalTargetTypes { get; set; }

    [JsonProperty("parquetOptions")] public ParquetOptions? ParquetOptions { get; set; }

    [JsonProperty("csvOptions")] public CsvOptions? CsvOptions { get; set; }
}

public sealed class JobConfigurationQuery
{
    [JsonProperty("tableDefinitions")] public IDictionary<string, ExternalDataConfiguration>? TableDefinitions { get; set; }

    [JsonProperty("query")] public string? Query { get; set; }

    [JsonProperty("useLegacySql")] public bool? UseLegacySql { get; set; }

    [JsonProperty("parameterMode")] public string? ParameterMode { get; set; }

    [JsonProperty("queryParameters")] public IList<QueryParameter>? QueryParameters { get; set; }
}

public sealed class QueryParameter
{
    [JsonProperty("name")] public string? Name { get; set; }

    [JsonProperty("parameterType")] public QueryParameterType? ParameterType { get; set; }

    [JsonProperty("parameterValue")] public QueryParameterValue? ParameterValue { get; set; }
}

public sealed class QueryParameterType
{
    [JsonProperty("type")] public string? Type { get; set; }

    [JsonProperty("arrayType")] public QueryParameterType? ArrayType { get; set; }
}

public sealed class QueryParameterValue
{
    [JsonProperty("value")] public string? Value { get; set; }

    [JsonProperty("arrayValues")] public IList<QueryParameterValue>? ArrayValues { get; set; }
}

public sealed class JobConfiguration
{
    [JsonProperty("jobType")] public string? JobType { get; set; }

    [JsonProperty("dryRun")] public bool? DryRun { get; set; }

    [JsonProperty("labels")] public IDictionary<string, string>? Labels { get; set; }

    [JsonProperty("load")] public JobConfigurationLoad? Load { get; set; }

    [JsonProperty("query")] public JobConfigurationQuery? Query { get; set; }
}

public sealed class JobStatus
{
    [JsonProperty("state")] public string? State { get; set; }

    [JsonProperty("errorResult")] public ErrorProto? ErrorResult { get; set; }

    [JsonProperty("errors")] public IList<ErrorProto>? Errors { get; set; }
}

public sealed class JobStatistics3
{
    [JsonProperty("inputFiles")] public long? InputFiles { get; set; }

    [JsonProperty("outputRows")] public long? OutputRows { get; set; }

    [JsonProperty("badRecords")] public long? BadRecords { get; set; }
}

public sealed class DmlStatistics
{
    [JsonProperty("insertedRowCount")] public long? InsertedRowCount { get; set; }

    [JsonProperty("updatedRowCount")] public long? UpdatedRowCount { get; set; }

    [JsonProperty("deletedRowCount")] public long? DeletedRowCount { get; set; }
}

public sealed class JobStatistics2
{
    [JsonProperty("dmlStats")] public DmlStatistics? DmlStats { get; set; }
}

public sealed class JobStatistics
{
    [JsonProperty("query")] public JobStatistics2? Query { get; set; }

    [JsonProperty("load")] public JobStatistics3? Load { get; set; }
}

public sealed class Job : IDirectResponseSchema
{
    [JsonProperty("jobReference")] public JobReference? JobReference { get; set; }

    [JsonProperty("configuration")] public JobConfiguration? Configuration { get; set; }

    [JsonProperty("status")] public JobStatus? Status { get; set; }

    [JsonProperty("statistics")] public JobStatistics? Statistics { get; set; }

    [JsonProperty("etag")] public string? ETag { get; set; }
}

public sealed class TableCell
{
    [JsonProperty("v")] public object? V { get; set; }
}

public sealed class TableRow
{
    [JsonProperty("f")] public IList<TableCell>? F { get; set; }
}

public sealed class GetQueryResultsResponse : IDirectResponseSchema
{
    [JsonProperty("jobComplete")] public bool? JobComplete { get; set; }

    [JsonProperty("schema")] public TableSchema? Schema { get; set; }

    [JsonProperty("rows")] public IList<TableRow>? Rows { get; set; }

    [JsonProperty("totalRows")] public ulong? TotalRows { get; set; }

    [JsonProperty("pageToken")] public string? PageToken { get; set; }

    [JsonProperty("errors")] public IList<ErrorProto>? Errors { get; set; }

    [JsonProperty("etag")] public string? ETag { get; set; }
}

public sealed class TestIamPermissionsRequest
{
    [JsonProperty("permissions")] public IList<string>? Permissions { get; set; }
}

public sealed class TestIamPermissionsResponse
{
    [JsonProperty("permissions")] public IList<string>? Permissions { get; set; }
}
