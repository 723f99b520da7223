using System.Globalization;
using Etl.Core.Contracts;
using Spectre.Console;

namespace Etl.Runner.Display;

/// <summary>Rejected rows for a person: where each is, what was at fault, and why.</summary>
internal static class DeadLetterTable
{
    private const int WidestValue = 32;

    /// <summary>Prints them.</summary>
    public static void Write(IAnsiConsole console, IReadOnlyList<Reject> rejects)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("object", "line", "column", "value", "reason");
        table.Columns[1].Alignment = Justify.Right;
        foreach (var reject in rejects)
        {
            table.AddRow(
                new Text(CellText.Message(reject.Object)),
                new Text(Line(reject)),
                new Text(CellText.Message(reject.Column ?? "")),
                new Text(CellText.Of(reject.Value, WidestValue)),
                new Text(CellText.Message(reject.Reason)));
        }

        console.Write(table);
    }

    private static string Line(Reject reject) => reject.Line == 0 ? ""
        : reject.LineFrom is { } from ? string.Create(CultureInfo.InvariantCulture, $"{reject.Line:N0} after byte {from:N0}") : reject.Line.ToString("N0", CultureInfo.InvariantCulture);
}
