namespace Etl.Csv.Reading;

/// <summary>What became of a piece of text that the reader took for one record.</summary>
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
/// <param name="Start">Where it starts in the text that was read again, in bytes.</param>
/// <param name="Length">Its length in bytes, without its line end.</param>
/// <param name="Line">How many lines stand before it in that text.</param>
/// <param name="Outcome">What it is.</param>
/// <param name="Kind">The kind of repair, or of reject; empty when nothing was wrong.</param>
/// <param name="Reason">Why it is rejected, for a person.</param>
/// <param name="Fields">The fields of a row.</param>
internal sealed record RepairedRecord(int Start, int Length, int Line, RecordOutcome Outcome, string Kind, string Reason, IReadOnlyList<FieldText> Fields);
