using System.Text.Json.Nodes;
using Etl.Core.Pipelines;
using Etl.Core.Runs;
using Spectre.Console;

namespace Etl.Runner.Display;

/// <summary>How a run's columns differ from those of its tables, and what becomes of it, for a person or a program.</summary>
internal static class DifferenceView
{
    /// <summary>Shows the tables that differ; one that the load makes needs no words.</summary>
    public static void Show(IAnsiConsole console, IReadOnlyList<TableDifference> differences)
    {
        foreach (var difference in differences.Where(d => d.Columns.Count > 0))
        {
            var table = new Table().Border(TableBorder.Rounded).Title(Markup.Escape($"beside the table {difference.Table}")).AddColumns("column", "what becomes of it");
            foreach (var column in difference.Columns) table.AddRow(new Text(column.Name), new Text(Describe(column, named: false)));
            console.Write(table);
        }
    }

    /// <summary>One column in words.</summary>
    public static string Describe(ColumnDifference column) => Describe(column, named: true);

    /// <summary>The differences for a program.</summary>
    public static JsonArray Json(IReadOnlyList<TableDifference> differences) => new([.. differences.Select(d => new JsonObject
    {
        ["table"] = d.Table,
        ["new"] = d.IsNew,
        ["columns"] = Json(d.Columns),
    })]);

    /// <summary>The columns for a program.</summary>
    public static JsonArray Json(IReadOnlyList<ColumnDifference> columns) => new([.. columns.Select(c => new JsonObject
    {
        ["name"] = c.Name,
        ["kind"] = OptionModel.YamlName(c.Kind.ToString()),
        ["before"] = c.Before,
        ["after"] = c.After,
        ["version_of"] = c.VersionOf,
    })]);

    private static string Describe(ColumnDifference column, bool named) => (named ? column.Name + ": " : "") + column.Kind switch
    {
        ColumnDifferenceKind.Added => $"added, {column.After}",
        ColumnDifferenceKind.Widened => $"{column.Before} becomes {column.After}",
        ColumnDifferenceKind.Relaxed => $"{column.Before} becomes NULLABLE",
        ColumnDifferenceKind.Versioned => $"added, {column.After}: has the values of {column.VersionOf} from now on",
        ColumnDifferenceKind.Replaced => $"{column.Before} is replaced by {column.After}",
        ColumnDifferenceKind.Removed => $"{column.Before}, removed: not in the data, and the table is replaced",
        ColumnDifferenceKind.Missing => $"{column.Before}, not in the data: no value in the new rows",
        ColumnDifferenceKind.Discarded => "left out: not in the table",
        ColumnDifferenceKind.Kept => $"stays {column.Before}: rows with other values are rejected",
        _ => column.Kind.ToString(),
    };
}
