using System.Globalization;
using Etl.Connectors.Gcp.BigQuery.Client;
using Etl.Connectors.Gcp.BigQuery.Client.Data;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Runs;
using Etl.Core.Schemas;

namespace Etl.Connectors.Gcp.BigQuery;

/// <summary>Asks BigQuery about staged files where they are, as an ephemeral external table (https://cloud.google.com/bigquery/docs/external-data-sources): no table is made, nothing is loaded.</summary>
internal sealed class BigQueryStagedRows(IBigQueryService service, BigQueryJobs jobs, string project, string? location)
{
    private const string External = "staged_files";
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(10);

    /// <summary>The answer to a query of one row of whole numbers.</summary>
    /// <param name="jobId">The query's job.</param>
    /// <param name="run">The run.</param>
    /// <param name="files">The staged files.</param>
    /// <param name="sql">A SELECT over <c>staged</c>.</param>
    /// <param name="cancel">Stops.</param>
    public async Task<IReadOnlyList<long>> CountAsync(string jobId, RunManifest run, IReadOnlyList<StagedFile> files, string sql, CancellationToken cancel)
    {
        BigQueryLoad.CheckSize(files);
        var query = new JobConfigurationQuery
        {
            Query = $"WITH staged AS ({(files.Count == 0 ? GoogleSql.Dialect.NoRows(run.Schema) : $"SELECT {string.Join(", ", run.Schema.Columns.Select(Column))} FROM {External}")})\n{sql}",
            UseLegacySql = false,
            TableDefinitions = files.Count == 0 ? null : new Dictionary<string, ExternalDataConfiguration> { [External] = Describe(run, files) },
        };
        var job = await jobs.RunAsync(new JobName(project, location, jobId, j => j.Configuration?.Query?.Query is not { } text || text == query.Query), new JobConfiguration { Query = query }, cancel).ConfigureAwait(false);
        if (job.Status?.ErrorResult is not null) throw BigQueryErrors.Explain(job, "the staged rows", "query");
        var answer = await service.GetQueryResultsAsync(job.JobReference!, null, 1, Wait, cancel).ConfigureAwait(false);
        while (answer.JobComplete != true) answer = await service.GetQueryResultsAsync(job.JobReference!, null, 1, Wait, cancel).ConfigureAwait(false);
        return answer.Rows is [{ F: { } cells }] ? [.. cells.Select(c => Convert.ToInt64(c.V, CultureInfo.InvariantCulture))]
            : throw new ServiceException($"BigQuery answered the query {job.JobReference!.JobId} with {answer.TotalRows ?? 0} rows, and one was expected.", transient: true);
    }

    // Parquet has no mark of its own that BigQuery reads as DATETIME; a load is told by its schema, an external table cannot be.
    private static string Column(Column column)
    {
        var name = GoogleSql.Name(column.Name);
        return column.Type == ColumnType.DateTime ? $"CAST({name} AS DATETIME) AS {name}" : name;
    }

    // As the load would read them (https://cloud.google.com/bigquery/docs/reference/rest/v2/tables#ExternalDataConfiguration).
    private static ExternalDataConfiguration Describe(RunManifest run, IReadOnlyList<StagedFile> files)
    {
        var load = new JobConfigurationLoad { Schema = BigQuerySchemas.ToApi(run.Schema) };
        BigQueryLoad.Describe(load, run);
        var isCsv = load.SourceFormat == "CSV";
        var isParquet = load.SourceFormat == "PARQUET";
        return new ExternalDataConfiguration
        {
            SourceUris = [.. files.Select(f => f.Uri)],
            SourceFormat = load.SourceFormat,
            // Parquet has its own schema, and another is not allowed beside it.
            Schema = isParquet ? null : load.Schema,
            ParquetOptions = load.ParquetOptions,
            DecimalTargetTypes = load.DecimalTargetTypes,
            Autodetect = false,
            Compression = isParquet || !IsGzip(run) ? null : "GZIP",
            MaxBadRecords = isParquet ? null : 0,
            CsvOptions = !isCsv ? null : new CsvOptions
            {
                SkipLeadingRows = load.SkipLeadingRows,
                AllowQuotedNewlines = load.AllowQuotedNewlines,
                Encoding = load.Encoding,
                FieldDelimiter = load.FieldDelimiter,
                Quote = load.Quote,
            },
        };
    }

    private static bool IsGzip(RunManifest run) => run.Encoding switch
    {
        { Format: StagingFormat.Passthrough } => run.Splits.Any(s => s.Object.Uri.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)),
        { Compression: StagingCompression.Auto or StagingCompression.Gzip } => true,
        _ => false,
    };
}
