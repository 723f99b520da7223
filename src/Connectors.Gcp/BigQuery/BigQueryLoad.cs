using Etl.Connectors.Gcp.BigQuery.Client.Data;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Runs;
using Etl.Core.Schemas;

namespace Etl.Connectors.Gcp.BigQuery;

/// <summary>The load job of a run, as the API writes it (https://cloud.google.com/bigquery/docs/reference/rest/v2/Job#JobConfigurationLoad).</summary>
internal static class BigQueryLoad
{
    /// <summary>https://cloud.google.com/bigquery/quotas#load_jobs</summary>
    private const int MostFiles = 10_000;
    private const long MostBytes = 15L << 40;

    /// <summary>Straight into the table, or the partition of it that <paramref name="destination"/> names.</summary>
    public static JobConfiguration IntoTable(TableLoad load, TableReference destination)
    {
        var (run, options, table) = (load.Run, load.Options, load.Table);
        var keeps = options.KeepsRows;
        return Configure(load, new JobConfigurationLoad
        {
            DestinationTable = destination,
            Schema = BigQuerySchemas.ToApi(run.Schema, keeps ? table.Schema : null),
            WriteDisposition = options.Write == WriteDisposition.Append ? "WRITE_APPEND" : "WRITE_TRUNCATE",
            SchemaUpdateOptions = keeps && table.Schema is { } there ? BigQuerySchemas.UpdateOptions(run.Schema, there) : null,
            // The table's own layout, so that a truncating load keeps it.
            TimePartitioning = table.TimePartitioning,
            Clustering = table.Clustering,
        });
    }

    /// <summary>Into an empty temporary table.</summary>
    public static JobConfiguration IntoTemporary(TableLoad load, TableReference temporary) =>
        Configure(load, new JobConfigurationLoad { DestinationTable = temporary, Schema = BigQuerySchemas.ToApi(load.Run.Schema), WriteDisposition = "WRITE_EMPTY" });

    /// <summary>The labels of jobs and new tables; null for none.</summary>
    public static Dictionary<string, string>? Labels(BigQueryOptions options) => options.Labels.Count == 0 ? null : new Dictionary<string, string>(options.Labels);

    private static JobConfiguration Configure(TableLoad load, JobConfigurationLoad job)
    {
        CheckSize(load.Files);
        job.SourceUris = [.. load.Files.Select(f => f.Uri)];
        job.CreateDisposition = "CREATE_NEVER";
        job.Autodetect = false;
        job.MaxBadRecords = 0;
        Describe(job, load.Run);
        return new JobConfiguration { Load = job, Labels = Labels(load.Options) };
    }

    /// <summary>Makes sure that one load takes the files; a query over them takes as many.</summary>
    /// <exception cref="DataException">They are too many, or too large.</exception>
    public static void CheckSize(IReadOnlyList<StagedFile> files)
    {
        if (files.Count > MostFiles)
            throw new DataException($"The run staged {files.Count:N0} files, and one BigQuery load takes {MostFiles:N0}. Read fewer objects at once with `prefix` or `pattern`.");
        if (files.Sum(f => f.Bytes) > MostBytes)
            throw new DataException($"The run staged more than {MostBytes >> 40} TB, which one BigQuery load does not take. Read fewer objects at once with `prefix` or `pattern`.");
    }

    /// <summary>Makes sure that BigQuery reads files as the run writes them.</summary>
    /// <exception cref="DataException">It does not.</exception>
    public static void CheckFormat(RunManifest run) => Describe(new JobConfigurationLoad(), run);

    /// <summary>How the staged files are written.</summary>
    /// <exception cref="DataException">In a way that BigQuery does not read.</exception>
    public static void Describe(JobConfigurationLoad load, RunManifest run)
    {
        switch (run.Encoding.Format)
        {
            case StagingFormat.Parquet:
                load.SourceFormat = "PARQUET";
                load.ParquetOptions = new ParquetOptions { EnableListInference = false };
                if (run.Schema.Columns.Any(c => c.Type is ColumnType.Numeric or ColumnType.BigNumeric)) load.DecimalTargetTypes = ["NUMERIC", "BIGNUMERIC"];
                break;
            case StagingFormat.Ndjson:
                load.SourceFormat = "NEWLINE_DELIMITED_JSON";
                break;
            case StagingFormat.Csv:
                load.SourceFormat = "CSV";
                load.SkipLeadingRows = 1;
                load.AllowQuotedNewlines = true;
                load.Encoding = "UTF-8";
                break;
            case StagingFormat.Passthrough:
                var dialect = run.Dialect ?? throw new InvalidOperationException("A passthrough run has no dialect.");
                load.SourceFormat = "CSV";
                load.FieldDelimiter = OneByte(dialect.Delimiter, "delimiter");
                load.Quote = dialect.Quote is { } quote ? OneByte(quote, "quote character") : "";
                load.SkipLeadingRows = dialect.SkipRows;
                load.AllowQuotedNewlines = true;
                load.Encoding = Encoding(dialect.Encoding);
                break;
            default:
                throw new InvalidOperationException($"No such staging format: {run.Encoding.Format}.");
        }
    }

    // Of a longer one BigQuery would take the first byte, and cut the rows elsewhere: https://cloud.google.com/bigquery/docs/reference/rest/v2/Job#JobConfigurationLoad
    private static string OneByte(string character, string what) => character is [< '\u0080']
        ? character
        : throw new DataException($"BigQuery reads CSV whose {what} is one ASCII character, and these objects have \"{character}\", so they cannot be passed through as they are. Stage as `format: parquet` instead: Etl reads them.");

    private static string Encoding(string name) => name.ToUpperInvariant() switch
    {
        "UTF-8" or "US-ASCII" => "UTF-8",
        "ISO-8859-1" => "ISO-8859-1",
        "UTF-16LE" => "UTF-16LE",
        "UTF-16BE" => "UTF-16BE",
        "UTF-32LE" => "UTF-32LE",
        "UTF-32BE" => "UTF-32BE",
        _ => throw new DataException($"BigQuery cannot read the text encoding {name}, so the objects cannot be passed through as they are. Stage as `format: parquet` instead: Etl reads {name}."),
    };
}
