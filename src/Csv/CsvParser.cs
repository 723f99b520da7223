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
        if (options.Columns?.FirstOrDefault(c => c.Problem() is not null) is { } wrong)
            throw new DataException($"csv: columns: {wrong.Name}: {wrong.Problem()}.");
        if (options.Columns?.Where(c => c.Position is not null).GroupBy(c => c.Position).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new DataException($"csv: columns: {string.Join(" and ", twice.Select(c => c.Name))} have the same position, {twice.Key}.");
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
            await inferrer.AddAsync(sample, cancel).ConfigureAwait(false);
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
        var blocks = new TextBlocks(RecordReaders.Rewrite(source, dialect), name, dialect.SkipLines + 1);
        using var cursor = new RecordCursor(blocks, dialect);
        if (!await FirstRecordAsync(cursor, name, cancel).ConfigureAwait(false))
            yield break;
        var first = HeaderMap.Read(cursor.Record);
        if (Options.Header is null)
            dialect = dialect with { HasHeader = HeaderMap.Names(first, schema) || (dialect.HasHeader && !HeaderMap.IsUnnamed(schema)) };
        var fields = dialect.HasHeader ? HeaderMap.ByName(Header(first, cursor, dialect, name), schema, name) : ColumnPositions.All(schema);
        var rowRejects = new RowRejects(blocks, dialect, name, source.Skipped + (dialect.Encoding == "utf-8" ? dialect.BomLength : 0));
        using var assembler = new BatchAssembler(cursor, dialect, schema, fields, Options.Null ?? [], input.Tally, rowRejects);
        if (dialect.HasHeader)
            assembler.PassHeader();
        else
            assembler.StartOnRecord();
        do
        {
            while (assembler.Fill())
            {
                foreach (var reject in assembler.Rejects)
                    await rejects.RejectAsync(reject, cancel).ConfigureAwait(false);
                if (assembler.IsFull && assembler.TakeBatch() is { } batch)
                    yield return batch;
            }
            cancel.ThrowIfCancellationRequested();
        }
        while (await NextBlockAsync(cursor, name, cancel).ConfigureAwait(false));
        if (assembler.TakeBatch() is { } last)
            yield return last;
    }

    // A record may be longer than a block.
    private static async ValueTask<bool> FirstRecordAsync(RecordCursor cursor, string name, CancellationToken cancel)
    {
        while (await NextBlockAsync(cursor, name, cancel).ConfigureAwait(false))
        {
            if (cursor.Read())
                return true;
        }
        return false;
    }

    private static async ValueTask<bool> NextBlockAsync(RecordCursor cursor, string name, CancellationToken cancel)
    {
        try
        {
            return await cursor.NextBlockAsync(cancel).ConfigureAwait(false);
        }
        catch (CsvFormatException e)
        {
            throw UnreadableRecord.Explain(e, name, cursor.Blocks.LineOf(cursor.Start));
        }
    }

    private static string[] Header(string[] header, RecordCursor cursor, CsvDialect dialect, string name)
    {
        if (cursor.Fault is not null and not CsvMalformedReason.StrayQuote)
            throw new DataException($"{name} has a header whose quotes do not match (line {cursor.Blocks.LineOf(cursor.Start)}). Mend it, or state csv: quote.");
        if (!RowRejects.IsText(cursor.Record.RawRecord, dialect))
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
