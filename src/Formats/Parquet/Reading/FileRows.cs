using System.Globalization;
using Apache.Arrow;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Schemas;
using Column = Etl.Core.Schemas.Column;

namespace Etl.Formats.Parquet.Reading;

/// <summary>Makes rows of the schema out of a file's batches; rows that do not fit are taken out.</summary>
internal sealed class FileRows
{
    private readonly IReadOnlyList<FileColumn> read;
    private readonly TableSchema schema;
    private readonly Schema arrow;
    private readonly int[] sources;
    private readonly int[] unknown;
    private readonly SplitInput input;
    private readonly string name;
    private readonly List<Reject> rejects = [];
    private readonly List<(int Start, int Count)> pieces = [];
    private readonly SortedDictionary<int, (string? Column, IArrowArray? Values, string Reason, string Kind)> faults = [];
    private long row;

    /// <exception cref="DataException">The file's columns do not fit the schema, and the contract does not let that pass.</exception>
    /// <exception cref="SchemaBrokenException">They do not fit what was inferred from other files.</exception>
    public FileRows(IReadOnlyList<FileColumn> file, TableSchema schema, ParquetOptions options, SplitInput input, string name)
    {
        (this.schema, this.input, this.name) = (schema, input, name);
        arrow = schema.ToArrow();
        var contract = options.Contract ?? SchemaContract.Evolve;
        var columns = new List<FileColumn>();
        sources = [.. Enumerable.Repeat(-1, schema.Columns.Count)];
        var others = new List<int>();
        foreach (var column in file.Where(c => options.Wants(c.Name)))
        {
            var at = schema.Columns.Index().Where(c => (c.Item.SourceName ?? c.Item.Name) == column.Name).Select(c => c.Index).DefaultIfEmpty(-1).First();
            if (at < 0 && !Takes(column, contract)) continue;
            if (column.Type is not { } type) throw FileUnion.Refused(name, column);
            if (at >= 0 && !column.IsEmpty) CheckType(schema.Columns[at], type, column);
            if (at >= 0) sources[at] = columns.Count;
            else others.Add(columns.Count);
            columns.Add(column);
        }

        (read, unknown) = (columns, [.. others]);
        Leaves = [.. columns.Select(c => c.Leaf)];
    }

    /// <summary>The leaves to read, in the order in which <see cref="Convert"/> wants their columns.</summary>
    public int[] Leaves { get; }

    /// <summary>The rows that the last batch had and that do not fit.</summary>
    public IReadOnlyList<Reject> Rejects => rejects;

    /// <summary>Where the rows of each piece of the last batch are: the first one's number, and how many.</summary>
    public IEnumerable<(long First, int Count)> Places => pieces.Select(p => (row - batchRows + p.Start, p.Count));

    private int batchRows;

    /// <summary>Notes where the rows of a piece are, when that is asked: their numbers stand for lines, and no row stands at a byte.</summary>
    public void Note((long First, int Count) piece)
    {
        if (input.Places is not { } places) return;
        for (var i = 0; i < piece.Count; i++) places.Add(piece.First + i + 1, 0);
    }

    /// <summary>The rows of a batch that fit, as batches of the schema, which do not need it any more.</summary>
    public IReadOnlyList<RecordBatch> Convert(RecordBatch batch)
    {
        (batchRows, row) = (batch.Length, row + batch.Length);
        rejects.Clear();
        pieces.Clear();
        faults.Clear();
        input.Tally.RowsRead += batch.Length;
        foreach (var other in unknown) Refuse(batch.Column(other), read[other].Name);
        var columns = new IArrowArray[schema.Columns.Count];
        for (var i = 0; i < columns.Length; i++) columns[i] = ColumnOf(batch, i);
        foreach (var (at, fault) in faults)
            rejects.Add(new Reject(name, row - batchRows + at + 1, 0, fault.Column, (fault.Values is null ? null : RejectedRow.Value(fault.Values, at)) ?? "", fault.Reason, fault.Kind, RejectedRow.Text([.. read.Select(c => c.Name)], [.. batch.Arrays], at)));
        var all = new RecordBatch(arrow, columns, batch.Length);
        if (faults.Count == 0)
        {
            pieces.Add((0, batch.Length));
            return [all];
        }

        using (all)
        {
            var from = 0;
            foreach (var at in faults.Keys.Append(batch.Length))
            {
                if (at > from) pieces.Add((from, at - from));
                from = at + 1;
            }

            return [.. pieces.Select(p => all.SliceShared(p.Start, p.Count))];
        }
    }

    private IArrowArray ColumnOf(RecordBatch batch, int index)
    {
        var column = schema.Columns[index];
        var conversion = new ColumnConversion((at, reason) => faults.TryAdd(at, (column.Name, sources[index] < 0 ? null : batch.Column(sources[index]), reason, "type")));
        var source = sources[index] < 0 ? null : batch.Column(sources[index]);
        var values = source is null || read[sources[index]].IsEmpty ? conversion.Missing(column.Type, batch.Length) : conversion.Convert(source, read[sources[index]].Type!.Value, column.Type);
        if (column.IsRefused) Refuse(values, column.Name);
        if (!column.Nullable && values.NullCount > 0)
            for (var at = 0; at < values.Length; at++)
                if (values.IsNull(at)) faults.TryAdd(at, (column.Name, null, "expected a value, found none", "required"));
        return values;
    }

    private void Refuse(IArrowArray values, string column)
    {
        for (var at = 0; at < values.Length; at++)
            if (!values.IsNull(at)) faults.TryAdd(at, (column, values, "expected no value: the table has no such column (contract: discard_row)", "unknown-column"));
    }

    // Whether a column that the schema does not have is looked at all the same.
    private bool Takes(FileColumn column, SchemaContract contract)
    {
        switch (contract)
        {
            case SchemaContract.DiscardRow:
                return true;
            case SchemaContract.DiscardColumn:
                return false;
            case SchemaContract.Evolve:
                throw new SchemaBrokenException(name, 1, null, column.Name, "none of the files that were looked at has this column");
            default:
                throw new DataException($"{name} has a column that the schema does not have: {column.Name}. Leave it out with parquet: contract: discard_column, or let it be added with contract: evolve.");
        }
    }

    private void CheckType(Column column, ColumnType type, FileColumn found)
    {
        if (ColumnConversion.Can(type, column.Type)) return;
        if (column.IsGuess && column.Contract is SchemaContract.Evolve) throw new SchemaBrokenException(name, 1, null, column.Name, $"expected {column.Type.SqlName()}, found {found.TypeName}");
        throw new DataException(string.Create(CultureInfo.InvariantCulture, $"{name} has the column {found.Name} as {found.TypeName}, which cannot become {column.Type.SqlName()}, as it is in the table or in other files. Leave it out under parquet: columns, or load the file into another table."));
    }
}
