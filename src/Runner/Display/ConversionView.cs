using System.Globalization;
using System.Text.Json.Nodes;
using Etl.Core.Contracts;
using Etl.Core.Schemas;

namespace Etl.Runner.Display;

/// <summary>What <c>etl convert</c> did.</summary>
/// <param name="Input">The object that was read.</param>
/// <param name="Output">The file that was written.</param>
/// <param name="Schema">Its columns.</param>
/// <param name="Tally">What was read.</param>
/// <param name="Rejected">Rows that were rejected.</param>
/// <param name="Rejects">Where they are, if there are any.</param>
/// <param name="Notes">What is worth a person's look.</param>
internal sealed record ConversionView(string Input, string Output, TableSchema Schema, ParseTally Tally, long Rejected, string Rejects, IReadOnlyList<string> Notes)
{
    private long Written => Tally.RowsRead - Rejected;

    /// <summary>Prints it for a person, to standard error.</summary>
    public async Task ShowAsync()
    {
        foreach (var note in Notes) await Console.Error.WriteLineAsync("note: " + CellText.Message(note));
        foreach (var (kind, rows) in Tally.Repairs) await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"repaired: {rows:N0} rows: {kind}"));
        await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{Tally.RowsRead:N0} rows read = {Written:N0} written + {Rejected:N0} rejected{(Rejected > 0 ? $" (see {Path.GetRelativePath(Environment.CurrentDirectory, Rejects)})" : "")}"));
    }

    /// <summary>The same for a program.</summary>
    public JsonObject Json() => new()
    {
        ["input"] = Input,
        ["output"] = Output,
        ["rows_read"] = Tally.RowsRead,
        ["rows_written"] = Written,
        ["rows_rejected"] = Rejected,
        ["rejects"] = Rejected > 0 ? Rejects : null,
        ["columns"] = new JsonArray([.. Schema.Columns.Select(c => new JsonObject { ["name"] = c.Name, ["type"] = c.Type.SqlName() })]),
        ["repairs"] = new JsonObject(Tally.Repairs.Select(r => KeyValuePair.Create(r.Key, (JsonNode?)r.Value))),
        ["notes"] = new JsonArray([.. Notes.Select(n => JsonValue.Create(n))]),
    };
}
