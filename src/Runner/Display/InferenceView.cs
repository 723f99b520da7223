using System.Globalization;
using Etl.Core.Contracts;
using Etl.Core.Schemas;
using Etl.Runner.Commands;
using Spectre.Console;

namespace Etl.Runner.Display;

/// <summary>What inference found, for a person: how each file is written, each column's type with the reason, and what may be declared instead. It shows values: the reader may read the file.</summary>
internal static class InferenceView
{
    /// <summary>Writes it all.</summary>
    public static void Show(SampledFile file, IAnsiConsole console)
    {
        var proposal = file.Proposal;
        foreach (var dialect in proposal.Dialects) console.Write(Dialect(dialect));
        console.Write(Columns(proposal, file.Personal.Select(p => p.Column.Name).ToHashSet()));
        if (!proposal.IsWhole)
            console.Write(new Text("Samples were looked at; with --whole every row is.\n", Style.Parse("dim")));
        var hints = proposal.Findings.Where(f => f.Hint is not null).ToList();
        if (hints.Count > 0)
        {
            console.Write(new Text($"\nWhat you know better may be declared under {file.Parser}: columns, with schema: infer for the rest:\n"));
            foreach (var (column, hint) in hints.Select(h => (h.Column, h.Hint!))) console.Write(new Text($"  - {{ name: {column}, {hint.Keys} }}{(hint.Remark is null ? "" : $"  # {hint.Remark}")}\n", Style.Parse("green")));
        }

        if (file.Personal.Count > 0)
        {
            console.Write(new Text("\nThese columns seem to hold data of persons; `mask` hides their values:\n"));
            foreach (var found in file.Personal) console.Write(new Text($"  {found.Column.Name}: {found.Kind} ({found.Why})\n", Style.Parse("yellow")));
        }

        // What is said of columns stands in the table.
        var notes = proposal.Notes.Where(n => !proposal.Findings.Any(f => n.StartsWith(f.Column + " is STRING: ", StringComparison.Ordinal))).ToList();
        if (notes.Count > 0) console.WriteLine();
        foreach (var note in notes) console.Write(new Text(note + "\n"));
    }

    private static Grid Dialect(ObjectDialect dialect)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        void Row(string name, string value) => grid.AddRow(new Text(name, new Style(decoration: Decoration.Bold)), new Text(value));
        Row("object", dialect.Uri + (dialect.Entry is null ? "" : "!" + dialect.Entry));
        if (dialect.Delimiter.Length == 0) return grid;
        Row("encoding", dialect.Encoding);
        Row("delimiter", ParserYaml.Readable(dialect.Delimiter));
        Row("quote", dialect.Quote ?? "none");
        Row("rows before data", dialect.SkipRows.ToString(CultureInfo.InvariantCulture));
        return grid;
    }

    private static Table Columns(SchemaProposal proposal, HashSet<string> personal)
    {
        var renamed = proposal.Schema.Columns.Any(c => c.SourceName is not null);
        var table = new Table().Border(TableBorder.Rounded).AddColumns("column", "type");
        if (renamed) table.AddColumn("in the file");
        table.AddColumn(new TableColumn("values").RightAligned()).AddColumn(new TableColumn("empty").RightAligned()).AddColumn("why");
        for (var i = 0; i < proposal.Schema.Columns.Count; i++)
        {
            var column = proposal.Schema.Columns[i];
            var finding = i < proposal.Findings.Count ? proposal.Findings[i] : null;
            if (personal.Contains(column.Name)) finding = finding is null ? null : finding with { Example = null };
            var row = new List<Text> { new(column.Name), new(TypeOf(column), new Style(column.Type == ColumnType.String ? Color.Default : Color.Aqua)) };
            if (renamed) row.Add(new Text(column.SourceName ?? ""));
            row.Add(new Text(Count(finding?.Values)));
            row.Add(new Text(Count(finding?.Empty)));
            row.Add(new Text(finding is null ? "" : Why(finding, proposal.Dialects.Count > 1)));
            table.AddRow(row);
        }

        return table;
    }

    private static string TypeOf(Column column) => column.Type.SqlName() + (column.Format switch
    {
        { Pattern: { } pattern } => " " + pattern,
        { Decimal: { } sign } => $" decimal {sign}",
        { Grouping: { } sign } => $" grouping {sign}",
        _ => "",
    });

    private static string Count(long? number) => number is > 0 ? number.Value.ToString("N0", CultureInfo.InvariantCulture) : "";

    private static string Why(ColumnFinding finding, bool severalObjects) => finding.Example is not { } example ? finding.Why
        : $"{finding.Why}: {example.Value} ({example.Position}{(severalObjects ? " of " + example.Object : "")})";
}
