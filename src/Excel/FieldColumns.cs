using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Schemas;
using Etl.Csv.Reading;

namespace Etl.Excel;

/// <summary>Which column of the schema each field of a sheet belongs to. How many fields there are shows row by row: some have no name.</summary>
internal sealed class FieldColumns
{
    private readonly IReadOnlyList<string> header;
    private readonly TableSchema schema;
    private readonly ExcelOptions options;
    private readonly string name;
    private readonly int[]? places;
    private string[] names = [];
    private int[] columns = [];

    /// <param name="header">The names that the sheet has for its columns.</param>
    /// <param name="schema">The schema.</param>
    /// <param name="options">What to do about others.</param>
    /// <param name="name">The sheet, for messages.</param>
    /// <exception cref="DataException">A column is missing that has to have values, or is there twice.</exception>
    public FieldColumns(IReadOnlyList<string> header, TableSchema schema, ExcelOptions options, string name)
    {
        (this.header, this.schema, this.options, this.name) = (header, schema, options, name);
        if (options.HeaderRows == 0) places = ColumnPositions.All(schema, "excel");
        else if (HeaderMap.Missing(Named(schema.Columns.Max(c => c.SourcePosition) ?? 0), schema).FirstOrDefault(c => !c.Nullable) is { } missing)
            throw new DataException($"{name} lacks the column {missing.Name}, which must have a value in every row. Declare it nullable, or leave the object out.");
        Grow(header.Count);
        if (columns.Where(c => c >= 0).GroupBy(c => c).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new DataException($"{name} has two columns that are called {schema.Columns[twice.Key].Name} in the schema. Rename one in the source, or declare both with different sources.");
    }

    /// <summary>The column of a field; -1 when the schema has none for it.</summary>
    public int Of(int field)
    {
        if (field >= columns.Length) Grow(Math.Max(field + 1, columns.Length * 2));
        return columns[field];
    }

    /// <summary>The field of a column that was met; -1 for none.</summary>
    public int FieldOf(int column) => Array.IndexOf(columns, column);

    /// <summary>The legal name of a field that was met.</summary>
    public string NameOf(int field) => names[field];

    /// <summary>A value was met that no column is for: says whether its row is rejected; otherwise the value is left out.</summary>
    /// <exception cref="SchemaBrokenException">The schema was inferred from samples, and is to be inferred from everything.</exception>
    /// <exception cref="DataException">The contract says so, or a column is declared that is not all.</exception>
    public bool Rejects(int field, long row)
    {
        UnknownColumns.Check("excel", options.Contract, options.IsDeclared, name, NameOf(field), field, row);
        return options.Contract == SchemaContract.DiscardRow;
    }

    private void Grow(int count)
    {
        var all = Named(count);
        names = ColumnNames.Legal(all);
        var index = new ColumnIndex(all, schema);
        columns = [.. Enumerable.Range(0, all.Count).Select(field => places is null ? index.Of(field) : field < places.Length ? places[field] : -1)];
    }

    private List<string> Named(int count) => [.. header, .. Enumerable.Repeat("", Math.Max(0, count - header.Count))];
}
