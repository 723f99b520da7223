using System.Runtime.CompilerServices;
using Apache.Arrow;
using Etl.Core.Contracts;
using Etl.Core.Schemas;

namespace Etl.Formats.Parquet.Reading;

/// <summary>Reads Parquet (https://parquet.apache.org/docs/file-format/): the columns and their types are in each file's footer, and only the wanted ones are fetched.</summary>
public sealed class ParquetParser(ParquetOptions options) : IParser
{
    /// <inheritdoc/>
    public bool ReadsStored => true;

    /// <inheritdoc/>
    public async ValueTask<SchemaProposal> InferAsync(IAsyncEnumerable<Sample> samples, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(samples);
        var union = new FileUnion(options);
        await foreach (var sample in samples.WithCancellation(cancel).ConfigureAwait(false))
        {
            if (sample.Offset > 0) continue;
            var name = sample.Object.NameOf(sample.Entry);
            var content = sample.OpenStored?.Invoke() ?? sample.OpenBytes();
            await using var _ = content.ConfigureAwait(false);
            using var file = await ParquetFile.OpenAsync(content, name, cancel).ConfigureAwait(false);
            union.Add(sample, name, file.Columns);
        }

        return union.Propose();
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<RecordBatch> ParseAsync(SplitInput input, TableSchema schema, IDeadLetters rejects, [EnumeratorCancellation] CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(schema);
        ArgumentNullException.ThrowIfNull(rejects);
        var name = input.Object.NameOf(input.Entry);
        var content = input.OpenStored?.Invoke() ?? input.Content;
        await using var _ = content.ConfigureAwait(false);
        using var file = await ParquetFile.OpenAsync(content, name, cancel).ConfigureAwait(false);
        var rows = new FileRows(file.Columns, schema, options, input, name);
        for (var group = 0; group < file.RowGroups; group++)
        {
            await foreach (var batch in file.ReadAsync(group, rows.Leaves, cancel).ConfigureAwait(false))
            {
                IReadOnlyList<RecordBatch> fitting;
                using (batch) fitting = rows.Convert(batch);
                foreach (var reject in rows.Rejects) await rejects.RejectAsync(reject, cancel).ConfigureAwait(false);
                foreach (var (piece, places) in fitting.Zip(rows.Places))
                {
                    rows.Note(places);
                    yield return piece;
                }
            }
        }
    }
}
