namespace Etl.Csv.Columns;

/// <summary>Why a value does not fit its column.</summary>
internal enum ValueFault
{
    /// <summary>The text is none of the column's type.</summary>
    Type,

    /// <summary>There is no value, and there must be one.</summary>
    Required,

    /// <summary>There is a value, and the table has no such column.</summary>
    Unknown,

    /// <summary>The bytes are no text in the object's encoding.</summary>
    Encoding,
}

/// <summary>A row that does not fit.</summary>
/// <param name="Row">Its number in the piece.</param>
/// <param name="Field">The field at fault.</param>
/// <param name="Fault">What is wrong with it.</param>
internal sealed record RowFault(int Row, int Field, ValueFault Fault);

/// <summary>The rows of a piece that do not fit, each with its first fault in field order.</summary>
internal sealed class RowFaults
{
    private readonly Dictionary<int, RowFault> byRow = [];

    /// <summary>Whether every row fits.</summary>
    public bool IsEmpty => byRow.Count == 0;

    /// <summary>The faulty rows in order, with the field at fault (-1: the row itself, for a reason that its reader knows).</summary>
    public IEnumerable<RowFault> Rows => byRow.Values.OrderBy(f => f.Row);

    /// <summary>Takes note of a fault; fields are gone through in order, so that the first one stays.</summary>
    public void Add(int row, int field, ValueFault fault) => byRow.TryAdd(row, new RowFault(row, field, fault));

    /// <summary>Whether a row is known to be faulty.</summary>
    public bool Contains(int row) => byRow.ContainsKey(row);

    /// <summary>Starts again.</summary>
    public void Clear() => byRow.Clear();
}
