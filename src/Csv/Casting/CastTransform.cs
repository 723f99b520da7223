using System.Text;
using Apache.Arrow;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Rows;
using Etl.Core.Schemas;
using Etl.Core.Transforms;
using Etl.Csv.Columns;
using Etl.Csv.Reading;
using Column = Etl.Core.Schemas.Column;

namespace Etl.Csv.Casting;

/// <summary>Reads text columns as other types, by the parsers that read CSV. A column that has its type already stays as it is.</summary>
public sealed class CastTransform(CastOptions options) : ITransform
{
    /// <summary>The kind under which rows are counted of which a value was taken away.</summary>
    public const string InvalidValueKind = "invalid-value";

    /// <inheritdoc/>
    public BoundTransform Bind(TableSchema input)
    {
        var casts = new SortedDictionary<int, Column>();
        foreach (var (name, wanted) in options.Columns)
        {
            var index = NamedColumns.Find("cast", "columns", name, input);
            if (input.Columns[index].Type == wanted.Type && wanted.Type != ColumnType.String) continue;
            casts[index] = Wanted(input.Columns[index], wanted);
        }

        var output = new TableSchema([.. input.Columns.Select((c, i) => casts.TryGetValue(i, out var cast) ? cast with { Format = null } : c)]);
        return new BoundTransform(output, begun =>
        {
            var readers = casts.Select(c => (c.Key, new TextCast(c.Value, new NullTexts([.. options.Null ?? [], .. c.Value.Format?.Null ?? []])))).ToList();
            return batch => Apply(batch, readers, output, begun);
        })
        {
            WantsPlaces = casts.Count > 0 && options.Invalid != InvalidValue.Null,
        };
    }

    private Column Wanted(Column column, CastColumnOptions wanted)
    {
        if (wanted.Problem(wanted.Type) is { } problem)
            throw new DataException($"cast: columns: {column.Name}: {problem}.");
        if (column.Type != ColumnType.String)
            throw new DataException($"cast: {column.Name} is {column.Type.SqlName()}, and cast reads text. Have the parser leave it STRING (declare it, or schema: strings), or write derive: {{ columns: {{ {column.Name}: \"CAST({column.Name} AS …)\" }} }}.");
        // Made by a transform: the type does not follow from the source's any more.
        return new Column(column.Name, wanted.Type, column.Nullable || options.Invalid == InvalidValue.Null, column.SourceName) { Format = wanted.ToFormat(), IsMasked = column.IsMasked };
    }

    private RecordBatch Apply(RecordBatch batch, List<(int Index, TextCast Cast)> casts, TableSchema output, TransformInput begun)
    {
        var faults = new RowFaults();
        var columns = batch.Arrays.ToArray();
        foreach (var (index, cast) in casts)
            columns[index] = cast.Read((StringArray)batch.Column(index), index, faults, erases: options.Invalid == InvalidValue.Null);
        if (!faults.IsEmpty) Note(batch, casts.ToDictionary(c => c.Index, c => c.Cast.Column), faults, begun);
        foreach (var (index, _) in casts) batch.Column(index).Dispose();
        var read = new RecordBatch(output.ToArrow(), columns, batch.Length);
        if (faults.IsEmpty || options.Invalid == InvalidValue.Null) return read;
        int[] kept = [.. Enumerable.Range(0, read.Length).Where(row => !faults.Contains(row))];
        begun.Keep(kept);
        return RowTake.From(read, kept);
    }

    private void Note(RecordBatch batch, Dictionary<int, Column> casts, RowFaults faults, TransformInput begun)
    {
        if (options.Invalid == InvalidValue.Null)
        {
            begun.Repair(InvalidValueKind, faults.Rows.Count());
            return;
        }

        foreach (var (row, index, fault) in faults.Rows)
        {
            var column = casts[index];
            var text = ((StringArray)batch.Column(index)).GetBytes(row);
            var reason = fault == ValueFault.Required ? "expected a value, found none" : ValueReasons.Mismatch(column, text);
            if (options.Invalid == InvalidValue.Fail)
                throw new DataException($"cast: {begun.Place(row)}, {column.Name}: {reason}. Nothing was loaded. Correct the value or the format, or set cast: invalid: null or reject.");
            begun.Reject(batch, row, column.Name, Encoding.UTF8.GetString(text), reason, fault == ValueFault.Required ? "required" : "type");
        }
    }
}
