namespace Etl.Csv.Reading;

/// <summary>What became of a record that was not plainly a row.</summary>
internal enum RecordOutcome
{
    /// <summary>A row; its fields are known.</summary>
    Row,

    /// <summary>A row that has no obvious reading, or whose repair is not wanted.</summary>
    Rejected,

    /// <summary>No row: a comment, a repeated header, a footer.</summary>
    NoRow,
}

/// <summary>One record as it was read again.</summary>
/// <param name="Length">How many bytes of the text belong to it, its line end aside: a quote may have joined other records to it, which are still to be read.</param>
/// <param name="Outcome">What it is.</param>
/// <param name="Kind">The kind of repair, or of reject; empty when nothing was wrong.</param>
/// <param name="Reason">Why it is rejected, for a person.</param>
/// <param name="Fields">The fields of a row, one for each column.</param>
internal sealed record RepairedRecord(int Length, RecordOutcome Outcome, string Kind, string Reason, IReadOnlyList<LooseField> Fields);
