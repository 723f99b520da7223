using Apache.Arrow;
using Etl.Core.Contracts;
using Etl.Core.Schemas;
using Etl.Formats.Parquet.Reading;
using Etl.Testing;

namespace Etl.Formats.Tests;

public sealed class ParquetConformance : ParserConformance
{
    protected override Type OptionsType => typeof(ParquetOptions);

    protected override bool TypesColumns => true;

    protected override IParser CreateParser(TableSchema columns) => new ParquetParser(new ParquetOptions());

    protected override async Task<byte[]> WriteAsync(TableSchema schema, RecordBatch rows) =>
        (await StagedRun.EncodeAsync(rows, schema, new StagingEncoding(StagingFormat.Parquet, StagingCompression.Auto), Cancel)).Content;
}
