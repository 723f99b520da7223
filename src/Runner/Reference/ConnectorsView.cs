using System.Text.Json.Nodes;
using Etl.Core.Connectors;
using Etl.Runner.Display;
using Etl.Runner.Hosting;
using Spectre.Console;

namespace Etl.Runner.Reference;

/// <summary>Shows connectors on the console, or as JSON.</summary>
internal static class ConnectorsView
{
    /// <summary>All of them, a line each.</summary>
    public static void List(IReadOnlyList<ConnectorReference> connectors)
    {
        var plugins = connectors.Any(c => c.From is not null);
        var table = new Table().Border(TableBorder.Rounded).AddColumns("kind", "name", "what it is");
        if (plugins) table.AddColumn("from");
        foreach (var connector in connectors)
        {
            List<Text> cells = [Cell(connector.Kind.Text()), Cell(connector.Name), Cell(connector.Description)];
            if (plugins) cells.Add(Cell(Path.GetFileName(connector.From) ?? "etl"));
            table.AddRow(cells);
        }

        Consoles.Out.Write(table);
    }

    /// <summary>One, with its options.</summary>
    public static void Show(ConnectorReference connector)
    {
        Console.WriteLine($"{connector.Kind.Text()} {connector.Name}{(connector.From is { } from ? $" (from {from})" : "")}: {connector.Description}\n\n{connector.Example}\n");
        if (connector.Options.Count == 0) return;
        var table = new Table().Border(TableBorder.Rounded).AddColumns("option", "value", "default", "what it means");
        foreach (var option in connector.Options)
            table.AddRow(Cell(option.Name), Cell(option.Type), Cell(option.Required ? "required" : option.Default ?? ""), Cell(option.Description));
        Consoles.Out.Write(table);
    }

    /// <summary>As JSON, an object each.</summary>
    public static string Json(ConnectorReference connector) => JsonLine.Of(new JsonObject
    {
        ["kind"] = connector.Kind.Text(),
        ["name"] = connector.Name,
        ["description"] = connector.Description,
        ["scheme"] = connector.Scheme,
        ["plugin"] = connector.From,
        ["options"] = new JsonArray([.. connector.Options.Select(o => new JsonObject { ["name"] = o.Name, ["value"] = o.Type, ["required"] = o.Required, ["default"] = o.Default, ["description"] = o.Description })]),
    });

    private static Text Cell(string text) => new(text);
}
