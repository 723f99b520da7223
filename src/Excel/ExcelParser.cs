using System.Runtime.CompilerServices;
using Apache.Arrow;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Schemas;

namespace Etl.Excel;

/// <summary>Reads a sheet of workbooks (ECMA-376, .xlsx): the rows of its table, typed by what the cells hold and by the rules for CSV.</summary>
public sealed class ExcelParser : IParser
{
    private readonly ExcelOptions options;

    /// <summary>A parser with <paramref name="options"/>.</summary>
    /// <exception cref="DataException">A column is declared in a way that contradicts itself.</exception>
    public ExcelParser(ExcelOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Columns?.FirstOrDefault(c => c.Problem() is not null) is { } wrong)
            throw new DataException($"excel: columns: {wrong.Name}: {wrong.Problem()}.");
        this.options = options;
    }

    /// <inheritdoc/>
    public bool ReadsStored => true;

    /// <inheritdoc/>
    public async ValueTask<SchemaProposal> InferAsync(IAsyncEnumerable<Sample> samples, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(samples);
        var inferrer = new ExcelInferrer(options);
        await foreach (var sample in samples.WithCancellation(cancel).ConfigureAwait(false))
        {
            if (sample.Offset > 0) continue;
            var content = sample.OpenStored?.Invoke() ?? sample.OpenBytes();
            await using var _ = content.ConfigureAwait(false);
            inferrer.Add(sample, content, cancel);
        }

        return inferrer.Propose();
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<RecordBatch> ParseAsync(SplitInput input, TableSchema schema, IDeadLetters rejects, [EnumeratorCancellation] CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(schema);
        ArgumentNullException.ThrowIfNull(rejects);
        var content = input.OpenStored?.Invoke() ?? input.Content;
        await using var _ = content.ConfigureAwait(false);
        using var book = Workbook.Open(content, input.Object.NameOf(input.Entry), cancel);
        using var table = new SheetTable(book, options);
        using var rows = new ExcelRows(table, schema, options, input with { Entry = input.Entry is null ? table.Name : $"{input.Entry}!{table.Name}" });
        while (rows.Fill())
        {
            foreach (var reject in rows.Rejects) await rejects.RejectAsync(reject, cancel).ConfigureAwait(false);
            if (rows.IsFull && rows.Take() is { } batch) yield return batch;
            cancel.ThrowIfCancellationRequested();
        }

        if (rows.Take() is { } rest) yield return rest;
    }
}
