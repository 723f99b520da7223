using System.Collections.Frozen;
using System.Globalization;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Schemas;
using Etl.Csv;
using Etl.Csv.Columns;
using Etl.Csv.Inference;

namespace Etl.Excel;

/// <summary>Gathers what the rows of workbooks show, and makes one schema of it: each column has the narrowest type that every cell fits exactly. A cell can always be empty, so that every column is nullable.</summary>
internal sealed class ExcelInferrer(ExcelOptions options)
{
    // What is declared needs no proof by every row.
    private const int MostDeclaredRows = 10_000;
    private readonly NullTexts nulls = new(options.Null ?? []);
    private readonly Dictionary<string, SheetColumn> byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<SheetColumn> columns = [];
    private readonly List<ObjectDialect> dialects = [];
    private readonly List<string> notes = [];
    private readonly SchemaContract contract = options.Contract ?? SchemaContract.Evolve;
    private bool isWhole = true;
    private long rows;

    /// <summary>Looks at all rows of a workbook's sheet.</summary>
    /// <param name="sample">Where it is.</param>
    /// <param name="content">The workbook.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="DataException">It is none, or has no such sheet.</exception>
    public void Add(Sample sample, Stream content, CancellationToken cancel)
    {
        var name = sample.Object.NameOf(sample.Entry);
        using var book = Workbook.Open(content, name, cancel);
        using var table = new SheetTable(book, options);
        if (options.Sheet is null && book.Visible.Count() is > 1 and var count)
            notes.Add($"{name} has {count} sheets, of which {table.Name} is read. State excel: sheet to decide.");
        var fields = new List<SheetColumn>();
        var (met, faulty) = (0L, 0L);
        while ((!options.IsDeclared || met < MostDeclaredRows) && table.Next())
        {
            cancel.ThrowIfCancellationRequested();
            met++;
            if (HasError(table)) faulty++;
            else Add(table, fields, new RecordPlace(dialects.Count, $"{name}!{table.Name}", table.Row, 0));
        }

        if (faulty > 0)
            notes.Add(string.Create(CultureInfo.InvariantCulture, $"{faulty:N0} of {met:N0} rows of {name}!{table.Name} have an error such as #N/A in a cell, and are rejected. To have errors read as missing values, list them under excel: null."));
        Join(table.Header, fields, met - faulty);
        dialects.Add(new ObjectDialect(sample.Object.Uri, table.Name, "utf-8", "", null, options.SkipRows, []));
        isWhole = isWhole && !sample.OmitsOthers;
        rows += met;
    }

    /// <summary>The schema that every row fits, with notes on what a person may want to look at.</summary>
    /// <exception cref="DataException">There is no row.</exception>
    public SchemaProposal Propose()
    {
        if (options.IsDeclared)
        {
            var declared = new TableSchema([.. options.Columns!.Select(c => c.ToColumn(contract))]);
            return new SchemaProposal(declared, dialects, notes) { Contract = contract, Gaps = Names(columns.Where(c => c.Evidence.Empty > 0).Select(Name).Concat(options.Columns!.Where(c => c.Nullable is true).Select(c => c.Name))) };
        }

        if (columns.Count == 0)
            throw new NothingToInferException(dialects.Count == 0
                ? "There is no object to learn the columns from. Look at the source's prefix and pattern, or declare the columns under excel: columns."
                : $"{dialects[0].Uri}!{dialects[0].Entry} holds nothing, and neither does any other object's sheet, so that there is nothing to learn the columns from. Name another with excel: sheet, declare the columns under excel: columns, or leave the empty objects out.");
        if (rows == 0 && options.Schema != CsvSchemaMode.Strings && !columns.All(c => DeclaredFor(c) is not null))
            throw new DataException($"{dialects[0].Uri}!{dialects[0].Entry} holds a header and no rows, and so does every other object, so that there is nothing to infer types from and nothing to load. Declare the columns (excel: schema: declared) if files without rows are to pass, or leave them out.");
        var untyped = options.Schema == CsvSchemaMode.Strings ? [] : columns.Where(c => DeclaredFor(c) is null).ToList();
        var schema = new TableSchema([.. columns.Select(ToColumn)]);
        notes.AddRange(untyped.Where(c => c.Decide().Type == ColumnType.String).Select(c => ColumnExplanation.Note(c.Evidence)).OfType<string>());
        return new SchemaProposal(schema, dialects, notes)
        {
            IsWhole = isWhole && dialects.Count > 0,
            Contract = contract,
            Inferred = Names(untyped.Select(Name)),
            Empty = Names(untyped.Where(c => !c.HasValue).Select(Name)),
            Gaps = Names(columns.Where(c => c.Evidence.Empty > 0 || DeclaredFor(c)?.Nullable is true).Select(Name)),
            Findings = [.. columns.Select((c, i) => ColumnExplanation.Of(c.Evidence, schema.Columns[i], DeclaredFor(c) is not null))],
        };
    }

    private static FrozenSet<string> Names(IEnumerable<string> names) => names.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private string Name(SheetColumn column) => DeclaredFor(column)?.Name ?? column.Evidence.Name;

    private Column ToColumn(SheetColumn seen)
    {
        if (DeclaredFor(seen) is { } declared) return declared.ToColumn(contract) with { SourceName = declared.Source ?? seen.Evidence.SourceName };
        var verdict = options.Schema == CsvSchemaMode.Strings ? null : seen.Decide();
        var type = verdict?.Type ?? ColumnType.String;
        return new Column(seen.Evidence.Name, type, true, seen.Evidence.SourceName) { Format = verdict?.Format, IsGuess = type != ColumnType.String && !isWhole, Contract = contract };
    }

    // With schema: infer, a declared column is an exception to what is inferred.
    private CsvColumnOptions? DeclaredFor(SheetColumn column) => options.Columns?.FirstOrDefault(d =>
        string.Equals(d.Source ?? d.Name, column.Evidence.SourceName ?? column.Evidence.Name, StringComparison.OrdinalIgnoreCase) || string.Equals(d.Name, column.Evidence.Name, StringComparison.OrdinalIgnoreCase));

    // What the parser rejects is no evidence.
    private bool HasError(SheetTable table)
    {
        for (var field = 0; field < table.Width; field++)
            if (table[field].Kind == CellKind.Error && !nulls.Contains(table.TextOf(field, ColumnType.String))) return true;
        return false;
    }

    private void Add(SheetTable table, List<SheetColumn> fields, in RecordPlace place)
    {
        while (fields.Count < table.Width) fields.Add(new SheetColumn("", null));
        for (var field = 0; field < table.Width; field++)
        {
            var cell = table[field];
            if (cell.Kind == CellKind.Empty) continue;
            var text = table.TextOf(field, cell.Kind == CellKind.Number && !CellText.IsWhole(cell.Number) ? ColumnType.Float64 : ColumnType.String);
            if (!nulls.Contains(text)) fields[field].Add(cell, text, place);
        }
    }

    // The columns of one object with those of the others, by their names. A column with neither a name nor a value is none.
    private void Join(IReadOnlyList<string> header, List<SheetColumn> fields, long count)
    {
        while (fields.Count < header.Count) fields.Add(new SheetColumn("", null));
        var names = NamesOf(header, fields.Count);
        for (var field = 0; field < fields.Count; field++)
        {
            var written = field < header.Count ? header[field].Trim() : "";
            if (options.HeaderRows > 0 && written.Length == 0 && !fields[field].HasValue) continue;
            if (!byName.TryGetValue(names[field], out var column))
            {
                column = byName[names[field]] = new SheetColumn(names[field], written.Length == 0 || written == names[field] ? null : written);
                columns.Add(column);
            }

            column.Merge(fields[field]);
            column.Evidence.AddEmpty(count - fields[field].Evidence.Values);
        }
    }

    // Declared columns give their names to the fields at their positions, and without a header to all fields in order.
    private string[] NamesOf(IReadOnlyList<string> header, int width)
    {
        var names = ColumnNames.Legal([.. header, .. Enumerable.Repeat("", Math.Max(0, width - header.Count))]);
        if (options.Columns is not { Count: > 0 } declared) return names;
        if (options.HeaderRows == 0 && !declared.Any(d => d.Position is not null))
            for (var i = 0; i < Math.Min(names.Length, declared.Count); i++) names[i] = declared[i].Name;
        foreach (var column in declared)
            if (column.Position is { } position && position <= names.Length) names[position - 1] = column.Name;
        return names;
    }
}
