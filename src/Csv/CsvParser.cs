using System.Runtime.CompilerServices;
using Apache.Arrow;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Runs;
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
        var name = input.Object.NameOf(input.Entry);
        var opened = await OpenedObject.OpenAsync(input.Part?.Head ?? input.Content, schema, Options, name, cancel).ConfigureAwait(false);
        if (opened is null)
        {
            input.Tally.Extent = new SplitExtent(input.Object.Length, input.Object.Length, 0);
            yield break;
        }
        await using var owned = opened.ConfigureAwait(false);
        using var records = input.Part is null ? PartRecords.All(opened) : await PartRecords.OpenAsync(opened, input, name, cancel).ConfigureAwait(false);
        using var assembler = new BatchAssembler(records.Cursor, opened.Dialect, schema, opened.Fields, opened.Unknown, opened.Repair, Options, input, records.Rejects);
        if (records.IsOnRow)
            assembler.StartOnRecord();
        else if (records.IsOnHeader)
            assembler.PassHeader();
        var more = !records.IsEmpty;
        while (more)
        {
            while (assembler.Fill())
            {
                foreach (var reject in assembler.Rejects)
                    await rejects.RejectAsync(reject, cancel).ConfigureAwait(false);
                if (assembler.IsFull && assembler.TakeBatch() is { } batch)
                    yield return batch;
            }
            cancel.ThrowIfCancellationRequested();
            more = !records.Cursor.IsPastEnd && await records.Cursor.NextBlockAsync(name, cancel).ConfigureAwait(false);
        }
        if (assembler.TakeBatch() is { } last)
            yield return last;
        input.Tally.Extent = records.Extent(input.Object.Length);
    }
}
