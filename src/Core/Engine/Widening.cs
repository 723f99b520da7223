using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Schemas;

namespace Etl.Core.Engine;

/// <summary>Says which columns have another type, now that everything was looked at, than the samples showed: by the line of a value, never the value.</summary>
internal static class Widening
{
    /// <summary>One sentence a column.</summary>
    /// <param name="guessed">The schema from samples.</param>
    /// <param name="whole">What everything showed.</param>
    /// <param name="broken">What the samples did not show.</param>
    public static IReadOnlyList<string> Notes(TableSchema guessed, SchemaProposal whole, SchemaBrokenException broken)
    {
        var notes = new List<string>();
        foreach (var column in whole.Schema.Columns)
        {
            var at = guessed.IndexOf(column.Name);
            if (at < 0 || Written(guessed.Columns[at]) == Written(column)) continue;
            var why = column.Name == broken.Column ? $"{broken.Where}: {broken.Reason}"
                : whole.Findings.FirstOrDefault(f => f.Column == column.Name) is not { } finding ? "all rows were looked at"
                : finding.Why + (finding.Example is { } example ? $" ({example.Position} of {example.Object})" : "");
            notes.Add($"{column.Name} is {Written(column)} and not {Written(guessed.Columns[at])}, as the samples showed: {why}.");
        }

        if (guessed.IndexOf(broken.Column) < 0) notes.Add($"{broken.ObjectName} has the column {broken.Column}, and {broken.Reason}; all objects were looked at.");
        return notes.Count > 0 ? notes
            : [$"{broken.Where}: {broken.Column}: {broken.Reason}. All rows were looked at, and the types stay."];
    }

    private static string Written(Column column) => column.Type.SqlName() + column.Format switch
    {
        { Pattern: { } pattern } => $" written {pattern}",
        { Decimal: "," } => " with decimal commas",
        { Grouping: not null } => " with grouping commas",
        _ => "",
    };
}
