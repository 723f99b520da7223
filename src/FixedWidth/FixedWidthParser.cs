using System.Runtime.CompilerServices;
using Apache.Arrow;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Runs;
using Etl.Core.Schemas;
using Etl.Csv;
using Etl.Csv.Dialects;

namespace Etl.FixedWidth;

/// <summary>Reads records whose fields stand at fixed places, counted in characters or in bytes; the fields are parsed as those of CSV are.</summary>
public sealed class FixedWidthParser : IParser
{
    private readonly FixedWidthOptions options;

    /// <summary>A parser with <paramref name="options"/>.</summary>
    /// <exception cref="DataException">The options contradict each other.</exception>
    public FixedWidthParser(FixedWidthOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Encoding is { } encoding && encoding != "auto" && TextEncodings.Find(encoding) is null)
            throw new DataException($"fixed-width: encoding: there is no encoding called {encoding}. Try utf-8, shift_jis, euc-jp, windows-1252 or IBM037.");
        if (options.Columns?.FirstOrDefault(c => c.Problem() is not null) is { } wrong)
            throw new DataException($"fixed-width: columns: {wrong.Name}: {wrong.Problem()}.");
        this.options = options;
    }

    /// <inheritdoc/>
    public async ValueTask<SchemaProposal> InferAsync(IAsyncEnumerable<Sample> samples, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(samples);
        var inferrer = new FixedInferrer(options);
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
        var buffer = new byte[CsvSniffer.SampleBytes];
        var head = buffer.AsMemory(0, await (input.Part?.Head ?? input.Content).ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancel).ConfigureAwait(false));
        var records = Open(head, input);
        using var rows = new FixedRows(records.Records, records.Text, schema, options, input);
        while (!records.Records.IsPastEnd && await records.Records.FillAsync(cancel).ConfigureAwait(false))
        {
            while (rows.Fill())
            {
                foreach (var reject in rows.Rejects) await rejects.RejectAsync(reject, cancel).ConfigureAwait(false);
                if (rows.IsFull && rows.Take() is { } batch) yield return batch;
            }

            cancel.ThrowIfCancellationRequested();
        }

        if (rows.Take() is { } rest) yield return rest;
        var end = records.Records.IsPastEnd ? records.Records.NextStart : input.Object.Length;
        input.Tally.Extent = new SplitExtent(records.Records.FirstStart ?? end, end, records.Records.Ended);
    }

    private (FixedRecords Records, FixedText Text) Open(ReadOnlyMemory<byte> head, SplitInput input)
    {
        var name = input.Object.NameOf(input.Entry);
        var text = FixedText.Of(head.Span, complete: head.Length < CsvSniffer.SampleBytes, options, name);
        var length = FixedRecords.LengthOf(head.Span, text, options, name);
        // A later part's content does not start with the object's head.
        var content = input.Part?.Head is null ? text.Open(head, input.Content) : input.Content;
        return (input.Part is { } part
            ? new FixedRecords(content, text, length, part.Offset, part.End, inLine: !part.IsRecordStart)
            : new FixedRecords(content, text, length) { HeldBack = options.SkipLastLines }, text);
    }
}
