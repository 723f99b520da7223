using Apache.Arrow;
using Etl.Core.Contracts;
using Etl.Core.Schemas;
using Etl.Testing;

namespace Etl.Json.Tests;

public sealed class NdjsonConformance : ParserConformance
{
    protected override Type OptionsType => typeof(NdjsonOptions);

    protected override IParser CreateParser(TableSchema columns) => new NdjsonParser(new NdjsonOptions());

    protected override async Task<byte[]> WriteAsync(TableSchema schema, RecordBatch rows) =>
        (await StagedRun.EncodeAsync(rows, schema, new StagingEncoding(StagingFormat.Ndjson, StagingCompression.None), Cancel)).Content;
}
