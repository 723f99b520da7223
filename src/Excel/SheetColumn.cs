using Etl.Core.Schemas;
using Etl.Csv.Inference;

namespace Etl.Excel;

/// <summary>What the cells of one column show.</summary>
internal sealed class SheetColumn(string name, string? sourceName)
{
    private bool onlyMoments = true;

    /// <summary>What was seen.</summary>
    public ColumnEvidence Evidence { get; } = new(name, sourceName);

    /// <summary>Whether a value was seen.</summary>
    public bool HasValue => Evidence.Values > Evidence.Empty;

    /// <summary>The type that all values fit. Days among moments are moments at midnight, where all are dates to Excel.</summary>
    public ColumnVerdict Decide()
    {
        var verdict = Evidence.Decide();
        return verdict.Type == ColumnType.String && onlyMoments && HasValue && Evidence.CountOf(ValueKind.Date) + Evidence.CountOf(ValueKind.DateTime) == Evidence.Values - Evidence.Empty
            ? new ColumnVerdict(ColumnType.DateTime, VerdictReason.AllAlike) : verdict;
    }

    /// <summary>Adds a cell.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="text">It as text.</param>
    /// <param name="place">Where it is.</param>
    public void Add(in Cell cell, ReadOnlySpan<byte> text, in RecordPlace place)
    {
        onlyMoments &= cell.Kind == CellKind.Moment;
        if (cell.Kind == CellKind.Text) Evidence.AddQuoted(text, place);
        else if (cell.Kind == CellKind.Number && !CellText.IsWhole(cell.Number)) Evidence.AddKind(ValueKind.Float, text, place);
        else Evidence.Add(text, place);
    }

    /// <summary>Adds what another one saw.</summary>
    public void Merge(SheetColumn other)
    {
        onlyMoments &= other.onlyMoments;
        Evidence.Merge(other.Evidence);
    }
}
