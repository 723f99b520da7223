using System.Text;
using Apache.Arrow;
using Etl.Core.Contracts;
using Etl.Core.Schemas;
using Etl.Csv.Columns;
using Etl.Csv.Reading;

namespace Etl.Excel;

/// <summary>Makes batches of the rows of a sheet: their cells are written as text beside each other, and parsed as fields of other formats are.</summary>
internal sealed class ExcelRows : IDisposable
{
    private const int PieceBytes = 4 << 20;
    private readonly SheetTable table;
    private readonly TableSchema schema;
    private readonly FieldColumns columns;
    private readonly CellFormats formats;
    private readonly NullTexts[] nulls;
    private readonly FieldBatches batches;
    private readonly List<(int Start, int End)> rows = [];
    private readonly List<(int Column, int Start, int Length)> values = [];
    private readonly List<string> leftOut = [];
    private byte[] block = new byte[64 << 10];
    private int used;

    /// <param name="table">The sheet, before its first row.</param>
    /// <param name="schema">The columns.</param>
    /// <param name="options">What else is said of them.</param>
    /// <param name="input">What is read; its entry is the sheet.</param>
    /// <exception cref="Core.Errors.DataException">The header does not fit the schema.</exception>
    public ExcelRows(SheetTable table, TableSchema schema, ExcelOptions options, SplitInput input)
    {
        (this.table, this.schema) = (table, schema);
        columns = new FieldColumns(table.Header, schema, options, input.Object.NameOf(input.Entry));
        formats = new CellFormats(schema);
        nulls = [.. schema.Columns.Select(c => new NullTexts([.. options.Null ?? [], .. c.Format?.Null ?? []]))];
        batches = new FieldBatches("excel", formats.Parsed, options.Null, transcoded: false, input);
    }

    /// <summary>Whether it is time to <see cref="Take"/>.</summary>
    public bool IsFull => batches.IsFull;

    /// <summary>The rows that the last <see cref="Fill"/> rejected, in order, with the letters of the columns at fault.</summary>
    public IEnumerable<Reject> Rejects => batches.Rejects.Select(Located);

    /// <summary>Takes some more rows of the sheet; false when none is left.</summary>
    public bool Fill()
    {
        rows.Clear();
        used = 0;
        while (!batches.IsPieceFull && used < PieceBytes && table.Next()) Add();
        if (batches.Count == 0) return false;
        Reserve(FieldText.Padding);
        batches.Parse(block, row => Encoding.UTF8.GetString(block.AsSpan(rows[row].Start..rows[row].End)));
        return true;
    }

    /// <summary>The rows since the last batch; null when there are none.</summary>
    public RecordBatch? Take() => batches.Take();

    /// <inheritdoc/>
    public void Dispose() => batches.Dispose();

    private Reject Located(Reject reject) =>
        reject.Column is { } name && schema.IndexOf(name) is >= 0 and var column && columns.FieldOf(column) is >= 0 and var place ? reject with { Reason = $"{reject.Reason} (column {table.LettersOf(place)})" } : reject;

    private void Add()
    {
        var start = used;
        (string? Column, string Reason, string Kind)? broken = null;
        values.Clear();
        leftOut.Clear();
        for (var field = 0; field < table.Width; field++)
        {
            if (field > 0) Append("\t"u8);
            var cell = table[field];
            if (cell.Kind == CellKind.Empty) continue;
            var column = columns.Of(field);
            var type = column < 0 ? ColumnType.String : schema.Columns[column].Type;
            var text = table.TextOf(field, type);
            var at = used;
            if (column >= 0 && cell.Kind == CellKind.Error && !nulls[column].Contains(text)) broken ??= (schema.Columns[column].Name, $"expected a value, found the error {Encoding.UTF8.GetString(text)}", "error");
            Append(column < 0 ? text : formats.Apply(column, cell.Kind, text));
            if (column >= 0) values.Add((column, at, used - at));
            else if (columns.Rejects(field, table.Row)) broken ??= (columns.NameOf(field), "expected no value: the table, or the declaration, has no such column (contract: discard_row)", "unknown-column");
            else leftOut.Add(columns.NameOf(field));
        }

        batches.Begin(table.Row, 0, used - start);
        rows.Add((start, used));
        foreach (var (column, at, length) in values) batches.Set(column, at, length);
        foreach (var name in leftOut) batches.LeaveOut(name);
        if (broken is { } fault) batches.Break(fault.Column, fault.Reason, fault.Kind);
    }

    private void Append(ReadOnlySpan<byte> text)
    {
        Reserve(text.Length);
        text.CopyTo(block.AsSpan(used));
        used += text.Length;
    }

    private void Reserve(int length)
    {
        if (used + length > block.Length) System.Array.Resize(ref block, Math.Max(used + length, block.Length * 2));
    }
}
