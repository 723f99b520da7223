using Apache.Arrow;
using Etl.Core.Contracts;
using Etl.Core.Schemas;
using Etl.Testing;

namespace Etl.Csv.Tests;

public sealed class CsvConformance : ParserConformance
{
    protected override Type OptionsType => typeof(CsvOptions);

    protected override IParser CreateParser(TableSchema columns) => new CsvParser(new CsvOptions());

    protected override async Task<byte[]> WriteAsync(TableSchema schema, RecordBatch rows) =>
        (await StagedRun.EncodeAsync(rows, schema, new StagingEncoding(StagingFormat.Csv, StagingCompression.None), Cancel)).Content;
}
