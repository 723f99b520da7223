using Etl.Core.Schemas;
using Spectre.Console;

namespace Etl.Runner.Display;

/// <summary>The columns of a table, for a person.</summary>
internal static class SchemaTable
{
    public static void Show(IAnsiConsole console, TableSchema schema)
    {
        var table = new Table().Border(TableBorder.Rounded).Title("schema").AddColumns("column", "type", "mode", "in the file");
        foreach (var column in schema.Columns)
            table.AddRow(new Text(column.Name), new Text(column.Type.SqlName()), new Text(column.Nullable ? "NULLABLE" : "REQUIRED"), new Text(column.SourceName ?? ""));
        console.Write(table);
    }
}
