using Apache.Arrow;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Schemas;
using Column = Etl.Core.Schemas.Column;

namespace Etl.Core.Transforms;

/// <summary>Keeps, drops and renames columns without touching a value; those that stay keep their order.</summary>
public sealed class SelectTransform(SelectOptions options) : ITransform
{
    /// <inheritdoc/>
    public BoundTransform Bind(TableSchema input)
    {
        var kept = options.Keep.Count == 0 ? Enumerable.Range(0, input.Columns.Count).ToHashSet() : [.. options.Keep.Select(n => Find(n, "keep", input))];
        foreach (var name in options.Drop)
            kept.Remove(Find(name, "drop", input));
        if (kept.Count == 0)
            throw new DataException("select leaves no column. Keep at least one.");

        var names = options.Rename.ToDictionary(r => Find(r.Key, "rename", input), r => r.Value);
        foreach (var index in names.Keys.Where(i => !kept.Contains(i)))
            throw new DataException($"select renames {input.Columns[index].Name}, which it also leaves out. Do one of the two.");
        var order = kept.Order().ToArray();
        var output = new TableSchema([.. order.Select(i => names.TryGetValue(i, out var name) ? Renamed(input.Columns[i], name) : input.Columns[i])]);
        var twice = output.Columns.GroupBy(c => c.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1);
        if (twice is not null)
            throw new DataException($"After select there would be {twice.Count()} columns called {twice.Key}. Rename or drop all but one.");

        var schema = output.ToArrow();
        return new BoundTransform(output, batch => Apply(batch, order, schema));
    }

    /// <summary>The columns move to the new batch, whose receiver disposes them; those left out are released here.</summary>
    private static RecordBatch Apply(RecordBatch batch, int[] order, Schema schema)
    {
        var columns = new IArrowArray[order.Length];
        var next = 0;
        for (var i = 0; i < batch.ColumnCount; i++)
            if (next < order.Length && order[next] == i)
                columns[next++] = batch.Column(i);
            else
                batch.Column(i).Dispose();
        return new RecordBatch(schema, columns, batch.Length);
    }

    private static Column Renamed(Column column, string name) => column with { Name = name, SourceName = column.SourceName ?? column.Name };

    private static int Find(string name, string option, TableSchema input) => NamedColumns.Find("select", option, name, input);
}
