using Etl.Connectors.Gcp.BigQuery;
using Etl.Connectors.Gcp.Gcs;
using Etl.Core.Connectors;
using Etl.Core.Contracts;
using Etl.Core.Schemas;
using Etl.Testing;
using Xunit;

namespace Etl.Connectors.Gcp.Tests.Conformance;

/// <summary>BigQuery, as the local cloud plays it.</summary>
[Collection("environment variables")]
public abstract class BigQueryConformance(StagingFormat format) : LoadSinkConformance
{
    private LocalGoogle google = null!;

    protected override Type OptionsType => typeof(BigQueryOptions);

    protected override ConnectorContext Context => google.Context;

    protected override IReadOnlyList<string> Secrets => google.Secrets;

    protected override StagingEncoding Encoding => new(format, StagingCompression.Auto);

    protected override IReadOnlyList<WriteDisposition> Writes => [WriteDisposition.Append, WriteDisposition.Replace, WriteDisposition.Merge];

    public override async ValueTask InitializeAsync() => google = Own(await LocalGoogle.StartAsync(Folder.Path));

    protected override ILoadSink CreateSink(WriteDisposition write) =>
        Own(new BigQueryLoadSink(new BigQueryOptions { Project = "acme", Dataset = "sales", Table = "orders", Write = write, Key = write == WriteDisposition.Merge ? ["id"] : [] }, Context));

    protected override async Task<StagedFile> StageAsync(string name, byte[] content)
    {
        using var sink = new GcsStagingSink(new GcsStagingOptions { Bucket = "staging" }, Context);
        return await sink.WriteAsync(name, new UnknownLengthStream(content), Cancel);
    }

    protected override async Task<IReadOnlyList<IReadOnlyList<object?>>> ReadAsync(TableSchema schema)
    {
        if ((await ((IDescribedTable)CreateSink(WriteDisposition.Append)).DescribeAsync(Cancel)).Columns is null) return [];
        using var reader = new BigQueryReader(Context, "acme");
        var result = await reader.QueryAsync($"SELECT {string.Join(", ", schema.Columns.Select(c => $"`{c.Name}`"))} FROM `acme.sales.orders`", Cancel);
        return await result.Rows.ToListAsync(Cancel);
    }
}

public sealed class BigQueryParquetConformance() : BigQueryConformance(StagingFormat.Parquet);

public sealed class BigQueryCsvConformance() : BigQueryConformance(StagingFormat.Csv);

public sealed class BigQueryNdjsonConformance() : BigQueryConformance(StagingFormat.Ndjson);
