using System.ComponentModel;

namespace Etl.Core.Contracts;

/// <summary>Which incoming rows say that their key was deleted, and what becomes of the table's row then.</summary>
public sealed record SoftDeleteOptions
{
    /// <summary>The column that marks a row as deleted.</summary>
    [Description("The column that marks a row as deleted: BOOL (true), DATE, DATETIME or TIMESTAMP (any value), or STRING or INT64 with values.")]
    public required string Column { get; init; }

    /// <summary>What the column holds in a deleted row.</summary>
    [Description("For a STRING or INT64 column: what it holds in a deleted row, such as [D].")]
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>What becomes of the table's row.</summary>
    [Description("keep: the table's row stays with its last values and the mark; remove: it goes.")]
    public DeletedRow Rows { get; init; } = DeletedRow.Keep;
}

/// <summary>What becomes of a row whose key was deleted.</summary>
public enum DeletedRow
{
    /// <summary>It stays, marked, with the values it had.</summary>
    [Description("it stays with its last values and the mark")]
    Keep,

    /// <summary>It is removed.</summary>
    [Description("it is removed")]
    Remove,
}
