using System.Runtime.CompilerServices;
using Apache.Arrow;
using CsvHelper;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Schemas;
using Etl.Csv.Dialects;
using Etl.Csv.Reading;

namespace Etl.Csv;

/// <summary>Reads CSV: finds out how each object is written, and parses its fields from UTF-8 straight into Arrow columns.</summary>
public sealed class CsvParser : IParser
{
    /// <summary>A parser with <paramref name="options"/>.</summary>
    /// <exception cref="DataException">The options contradict each other.</exception>
    public CsvParser(CsvOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Schema == CsvSchemaMode.Declared && options.Columns is not { Count: > 0 })
            throw new DataException("csv: schema is declared, but csv: columns lists no column.");
        if (options.Encoding is { } encoding && encoding != "auto" && TextEncodings.Find(encoding) is null)
            throw new DataException($"csv: encoding: there is no encoding called {encoding}. Try utf-8, shift_jis, euc-jp or windows-1252.");
        Options = options;
    }

    /// <summary>The options.</summary>
    public CsvOptions Options { get; }

    /// <inheritdoc/>
    public async ValueTask<SchemaProposal> InferAsync(IAsyncEnumerable<Sample> samples, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(samples);
        var inferrer = new SchemaInferrer(Options);
        await foreach (var sample in samples.WithCancellation(cancel).ConfigureAwait(false))
            inferrer.Add(sample);
        return inferrer.Propose();
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<RecordBatch> ParseAsync(SplitInput input, TableSchema schema, IDeadLetters rejects, [EnumeratorCancellation] CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(schema);
        ArgumentNullException.ThrowIfNull(rejects);
        var name = SchemaInferrer.ObjectName(input.Object, input.Entry);
        var (head, complete) = await ReadHeadAsync(input.Content, cancel).ConfigureAwait(false);
        var dialect = CsvSniffer.Sniff(head, complete, Options, name);
        var source = new Utf8Source(head[dialect.BomLength..], input.Content, dialect);
        await using var owned = source.ConfigureAwait(false);
        await source.SkipLinesAsync(dialect.SkipLines, cancel).ConfigureAwait(false);
        BatchAssembler? assembler = null;
        CsvMalformedReason? headerFault = null;
        using var reader = RecordReaders.Open(source, dialect, m =>
        {
            if (assembler is null)
                headerFault = m.Reason;
            else
                assembler.Malformed = m.Reason;
        });
        if (!await ReadAsync(reader, reader.ReadAsync(cancel), dialect, name).ConfigureAwait(false))
            yield break;
        var first = HeaderMap.Read(reader);
        if (Options.Header is null)
            dialect = dialect with { HasHeader = HeaderMap.Names(first, schema) || (dialect.HasHeader && !HeaderMap.IsUnnamed(schema)) };
        var fields = dialect.HasHeader ? HeaderMap.ByName(Header(first, reader, headerFault, source, dialect, name), schema, name) : HeaderMap.ByPosition(schema);
        assembler = new BatchAssembler(reader, source, dialect, schema, fields, Options.Null ?? [], input.Tally, name, cancel);
        if (dialect.HasHeader)
            assembler.PassHeader(reader.FieldCount);
        else
            assembler.StartOnRecord(headerFault);
        for (var ended = false; !ended;)
        {
            switch (Fill(assembler, reader, dialect, name))
            {
                case FillResult.Waiting:
                    ended = !assembler.Resume(await ReadAsync(reader, new ValueTask<bool>(assembler.Pending!), dialect, name).ConfigureAwait(false));
                    break;
                case FillResult.Rejected:
                    await rejects.RejectAsync(assembler.Rejected!, cancel).ConfigureAwait(false);
                    break;
                case FillResult.Full:
                    cancel.ThrowIfCancellationRequested();
                    yield return assembler.TakeBatch()!;
                    break;
                case FillResult.Ended:
                    ended = true;
                    break;
            }
        }
        if (assembler.TakeBatch() is { } last)
            yield return last;
    }

    private static FillResult Fill(BatchAssembler assembler, CsvReader reader, CsvDialect dialect, string name)
    {
        try
        {
            return assembler.Fill();
        }
        catch (CsvFormatException e)
        {
            throw UnreadableRecord.Explain(e, name, dialect.SkipLines + reader.LineNumber);
        }
    }

    private static async ValueTask<bool> ReadAsync(CsvReader reader, ValueTask<bool> read, CsvDialect dialect, string name)
    {
        try
        {
            return await read.ConfigureAwait(false);
        }
        catch (CsvFormatException e)
        {
            throw UnreadableRecord.Explain(e, name, dialect.SkipLines + reader.LineNumber);
        }
    }

    private static string[] Header(string[] header, CsvReader reader, CsvMalformedReason? fault, Utf8Source source, CsvDialect dialect, string name)
    {
        if (fault is not null and not CsvMalformedReason.StrayQuote)
            throw new DataException($"{name} has a header whose quotes do not match (line {dialect.SkipLines + reader.LineNumber}). Mend it, or state csv: quote.");
        if (source.SawNonAscii && !BatchAssembler.IsText(reader.RawRecord, dialect))
            throw new DataException($"{name} has a header that is not {dialect.Encoding}. State the right csv: encoding.");
        return header;
    }

    private static async ValueTask<(ReadOnlyMemory<byte> Bytes, bool Complete)> ReadHeadAsync(Stream content, CancellationToken cancel)
    {
        var head = new byte[CsvSniffer.SampleBytes];
        var length = await content.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancel).ConfigureAwait(false);
        return (head.AsMemory(0, length), length < head.Length);
    }
}
