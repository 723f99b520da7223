using System.Text;
using Etl.Csv.Dialects;

namespace Etl.Csv.Reading;

/// <summary>Tells lines that are no rows of the table: its header once more, the header of another table, notes and totals below it.</summary>
internal sealed class TableEdges(IReadOnlyList<string> header, RowProfile profile)
{
    private const int LongNote = 24;
    private static readonly string[] Totals = ["total", "grand total", "sum", "subtotal", "totals", "合計", "小計", "総計", "計", "summe", "gesamt", "somme"];

    /// <summary>The header's first name, when there are others to tell it from a value; empty otherwise.</summary>
    public byte[] FirstName { get; } = FirstNameOf(header);

    /// <inheritdoc cref="FirstName"/>
    public static byte[] FirstNameOf(IReadOnlyList<string> header) => header.Count > 1 ? Encoding.UTF8.GetBytes(header[0]) : [];

    /// <summary>Whether the header of another table was met.</summary>
    public bool InAnotherTable { get; set; }

    /// <summary>The kind of reject of the rows of another table.</summary>
    public const string AnotherTable = "another-table";

    /// <summary>Looks at a record that may be no row of the table.</summary>
    /// <returns><see cref="RepairKinds.RepeatedHeader"/> or <see cref="AnotherTable"/>; null when it may be a row.</returns>
    public string? LookForHeader(IReadOnlyList<LooseField> fields)
    {
        var known = Known(fields);
        if (known == header.Count && fields.Count == header.Count && known > 0)
        {
            InAnotherTable = false;
            return RepairKinds.RepeatedHeader;
        }
        if (known > 1 && known * 2 >= Math.Max(header.Count, fields.Count) && !fields.Any(f => CellShapes.Of(f.Text.Span).IsTyped()))
            InAnotherTable = true;
        return InAnotherTable ? AnotherTable : null;
    }

    // How many of the fields are names of the header.
    private int Known(IReadOnlyList<LooseField> fields)
    {
        if (header.Count < 2 || fields.Count < 2 || fields.Count > header.Count * 2)
            return 0;
        var names = header.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var known = 0;
        foreach (var field in fields)
            known += names.Remove(Encoding.UTF8.GetString(field.Text.Span).Trim()) ? 1 : 0;
        return known;
    }

    /// <summary>Whether a record that lacks fields is a note or a total below the table: one long text, or a word such as "total", where the first column has values of another kind.</summary>
    public bool IsFooter(IReadOnlyList<LooseField> fields)
    {
        if (profile.Columns.Count < 3 || fields.Count >= profile.Columns.Count || fields.Count == 0 || profile.Columns[0].Cells < 2)
            return false;
        var first = fields[0].Text.Span;
        if (first.IsEmpty)
            return false;
        var alone = fields.Skip(1).All(f => f.Text.IsEmpty);
        if (alone && profile.Columns[0].Misfit(first) == 2)
            return true;
        if (alone && first.Length > LongNote && first.Contains((byte)' ') && first.Length > 2 * profile.Columns[0].Longest)
            return true;
        var text = Encoding.UTF8.GetString(first).Trim().TrimEnd(':');
        return profile.Columns[0].Misfit(first) > 0 && Array.Exists(Totals, t => t.Equals(text, StringComparison.OrdinalIgnoreCase));
    }
}
