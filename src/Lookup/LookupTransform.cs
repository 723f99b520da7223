using Apache.Arrow;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Rows;
using Etl.Core.Schemas;
using Etl.Core.Transforms;
using Etl.Csv;
using Column = Etl.Core.Schemas.Column;

namespace Etl.Lookup;

/// <summary>Adds columns from a file by the key that a row has. The file is read once, when the transform is bound; its content is part of what a run is planned with.</summary>
public sealed class LookupTransform : ITransform, IPinned
{
    private readonly LookupOptions options;
    private readonly LookupFile file;
    private readonly string path;
    private readonly Lock turn = new();
    private (string Types, Bound Bound)? last;

    /// <param name="options">The options.</param>
    /// <param name="folder">Where relative paths start.</param>
    public LookupTransform(LookupOptions options, string folder)
    {
        ArgumentNullException.ThrowIfNull(options);
        this.options = options;
        path = Path.GetFullPath(options.File, folder);
        file = new LookupFile(path);
        Pin = file.Digest();
    }

    /// <inheritdoc/>
    public string Pin { get; }

    /// <inheritdoc/>
    public BoundTransform Bind(TableSchema input)
    {
        int[] keys = [.. options.On.Keys.Select(name => NamedColumns.Find("lookup", "on", name, input))];
        var (table, taken) = Load([.. keys.Select(i => input.Columns[i])]);
        foreach (var column in taken)
        {
            if (input.IndexOf(column.Name) >= 0)
                throw new DataException($"lookup: take adds the column {column.Name}, and there is one of that name. Give it another name, or drop the other one before with select.");
            if (ColumnNames.Legal([column.Name])[0] != column.Name)
                throw new DataException($"lookup: take adds a column called {column.Name}, which is no name for a table's column. Give it one of letters, digits and underscores.");
        }

        // Beside a masked key, what it finds tells of it.
        var masked = keys.Any(i => input.Columns[i].IsMasked);
        var output = new TableSchema([.. input.Columns, .. taken.Select(c => c with { IsMasked = masked })]);
        return new BoundTransform(output, begun => batch => Apply(batch, keys, table, output, begun)) { WantsPlaces = options.Missing == MissingKey.Fail };
    }

    private RecordBatch Apply(RecordBatch batch, int[] keys, LookupTable table, TableSchema output, TransformInput begun)
    {
        var found = table.Find([.. keys.Select(batch.Column)]);
        if (options.Missing == MissingKey.Fail && found.AsSpan().IndexOf(-1) is >= 0 and var row)
            throw new DataException($"lookup: {begun.Place(row)}: the file {path} has no row with the {string.Join(" and ", options.On.Keys)} of this one. Nothing was loaded. Add it there, or set lookup: missing: null or drop.");
        if (options.Missing == MissingKey.Drop && found.AsSpan().Contains(-1))
        {
            int[] kept = [.. Enumerable.Range(0, found.Length).Where(i => found[i] >= 0)];
            begun.Keep(kept);
            batch = RowTake.From(batch, kept);
            found = [.. kept.Select(i => found[i])];
        }

        return new RecordBatch(output.ToArrow(), [.. batch.Arrays, .. table.Take(found)], batch.Length);
    }

    // Bound again and again while a run is planned; the keys' types seldom change.
    private Bound Load(IReadOnlyList<Column> keys)
    {
        var types = string.Join(',', keys.Select(k => k.Type));
        lock (turn)
        {
            if (last is not { } loaded || loaded.Types != types)
                last = loaded = (types, Task.Run(() => LoadAsync(keys)).GetAwaiter().GetResult());
            return loaded.Bound;
        }
    }

    private async Task<Bound> LoadAsync(IReadOnlyList<Column> keys)
    {
        List<string> keyNames = [.. options.On.Values];
        List<string> takenNames = [.. options.Take.Values];
        var typed = keyNames.Zip(keys).Where(k => Declared(k.First) is null).Select(k => new CsvColumnOptions { Name = k.First, Type = k.Second.Type });
        var (schema, batches, lines) = await file.ReadAsync(Pin, [.. options.Columns ?? [], .. typed], [.. keyNames.Concat(takenNames).Distinct(StringComparer.Ordinal)]).ConfigureAwait(false);
        int[] keyAt = [.. keyNames.Select(n => Find(schema, n))];
        int[] takenAt = [.. takenNames.Select(n => Find(schema, n))];
        foreach (var (key, at) in keys.Zip(keyAt))
            if (schema.Columns[at].Type != key.Type)
                throw new DataException($"lookup: {key.Name} is {key.Type.SqlName()}, and {schema.Columns[at].Name} of {path} is {schema.Columns[at].Type.SqlName()}, so that no key would be found. Make one as the other: under lookup: columns, or with cast or derive before.");
        var table = new LookupTable(path, [.. keyAt.Select(i => Whole(batches, i))], [.. takenAt.Select(i => Whole(batches, i))], lines);
        return new Bound(table, [.. options.Take.Keys.Zip(takenAt).Select(t => new Column(t.First, schema.Columns[t.Second].Type, schema.Columns[t.Second].Nullable || options.Missing == MissingKey.Null))]);
    }

    private CsvColumnOptions? Declared(string column) => options.Columns?.FirstOrDefault(c => (c.Source ?? c.Name).Equals(column, StringComparison.OrdinalIgnoreCase) || c.Name.Equals(column, StringComparison.OrdinalIgnoreCase));

    private int Find(TableSchema schema, string name)
    {
        var at = schema.IndexOf(name);
        for (var i = 0; at < 0 && i < schema.Columns.Count; i++)
            if (schema.Columns[i].SourceName == name) at = i;
        return at >= 0 ? at : throw new DataException($"lookup: {path} has no column {name}; it has {string.Join(", ", schema.Columns.Take(20).Select(c => c.SourceName ?? c.Name))}{(schema.Columns.Count > 20 ? " …" : "")}.");
    }

    private static IArrowArray Whole(List<RecordBatch> batches, int column) =>
        batches.Count == 1 ? batches[0].Column(column) : ArrowArrayConcatenator.Concatenate([.. batches.Select(b => b.Column(column))]);

    private sealed record Bound(LookupTable Table, IReadOnlyList<Column> Taken);
}
