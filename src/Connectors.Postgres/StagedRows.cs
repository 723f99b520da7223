using System.Runtime.CompilerServices;
using Apache.Arrow;
using Etl.Core.Compression;
using Etl.Core.Contracts;
using Etl.Core.Schemas;
using Etl.Formats.Parquet.Reading;

namespace Etl.Connectors.Postgres;

/// <summary>Reads staged Parquet files back as the batches they were written from.</summary>
internal sealed class StagedRows(IStagedFiles files, TableSchema schema, TimeProvider time) : ISource
{
    private readonly ParquetParser parser = new(new ParquetOptions());

    /// <summary>The rows of a file. The receiver disposes each batch.</summary>
    public async IAsyncEnumerable<RecordBatch> ReadAsync(StagedFile file, [EnumeratorCancellation] CancellationToken cancel)
    {
        var stored = new SourceObject(file.Uri, "", file.Bytes, default);
        var content = new ObjectStream(this, stored, time);
        await using var _ = content.ConfigureAwait(false);
        var settled = new TableSchema([.. schema.Columns.Select(c => new Core.Schemas.Column(c.Name, c.Type))]);
        var input = new SplitInput(stored, null, content, new ParseTally()) { OpenStored = () => content };
        await foreach (var batch in parser.ParseAsync(input, settled, NoRejects.Instance, cancel).ConfigureAwait(false))
            yield return batch;
    }

    IAsyncEnumerable<SourceObject> ISource.ListAsync(CancellationToken cancel) => throw new NotSupportedException("Staged files are known by their receipts.");

    ValueTask<Stream> ISource.OpenAsync(SourceObject source, ByteRange range, CancellationToken cancel) => files.OpenAsync(new StagedFile(source.Uri, source.Length, ""), range, cancel);

    private sealed class NoRejects : IDeadLetters
    {
        public static readonly NoRejects Instance = new();

        public ValueTask RejectAsync(Reject reject, CancellationToken cancel) => throw new InvalidOperationException($"A row of the staged file {reject.Object} does not fit: {reject.Reason}.");
    }
}
