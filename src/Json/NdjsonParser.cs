using System.Runtime.CompilerServices;
using Apache.Arrow;
using Etl.Core.Contracts;
using Etl.Core.Runs;
using Etl.Core.Schemas;
using Etl.Csv.Reading;

namespace Etl.Json;

/// <summary>Reads newline-delimited JSON: the keys of each line's object are columns, parsed from UTF-8 straight into Arrow by the parsers that read CSV.</summary>
public sealed class NdjsonParser(NdjsonOptions options) : IParser
{
    /// <inheritdoc/>
    public async ValueTask<SchemaProposal> InferAsync(IAsyncEnumerable<Sample> samples, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(samples);
        var inferrer = new NdjsonInferrer(options);
        await foreach (var sample in samples.WithCancellation(cancel).ConfigureAwait(false))
            await inferrer.AddAsync(sample, cancel).ConfigureAwait(false);
        return inferrer.Propose();
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<RecordBatch> ParseAsync(SplitInput input, TableSchema schema, IDeadLetters rejects, [EnumeratorCancellation] CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(schema);
        ArgumentNullException.ThrowIfNull(rejects);
        var name = input.Object.NameOf(input.Entry);
        var lines = input.Part is { } part ? new ObjectLines(input.Content, part.Offset, part.End, inLine: !part.IsRecordStart) : new ObjectLines(input.Content);
        using var batches = new NdjsonBatches(lines, schema, options, input, name);
        while (!lines.IsPastEnd && await lines.FillAsync(cancel).ConfigureAwait(false))
        {
            if (lines.FirstStart is null && input.Part is not { Offset: > 0 }) NdjsonInferrer.CheckEncoding(lines.Text, name);
            while (batches.Fill())
            {
                foreach (var reject in batches.Rejects) await rejects.RejectAsync(reject, cancel).ConfigureAwait(false);
                if (batches.IsFull && batches.Take() is { } batch) yield return batch;
            }

            cancel.ThrowIfCancellationRequested();
        }

        if (batches.Take() is { } rest) yield return rest;
        var end = lines.IsPastEnd ? lines.NextStart : input.Object.Length;
        input.Tally.Extent = new SplitExtent(lines.FirstStart ?? end, end, lines.Ended);
    }
}
