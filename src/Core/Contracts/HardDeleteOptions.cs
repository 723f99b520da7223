using System.ComponentModel;

namespace Etl.Core.Contracts;

/// <summary>Which incoming rows say that the table's row with their key is to be removed.</summary>
public sealed record HardDeleteOptions
{
    /// <summary>The column that marks a row as deleted.</summary>
    [Description("The column that marks a row as deleted: BOOL (true), DATE, DATETIME or TIMESTAMP (any value), or STRING or INT64 with values.")]
    public required string Column { get; init; }

    /// <summary>What the column holds in a deleted row.</summary>
    [Description("For a STRING or INT64 column: what it holds in a deleted row, such as [D].")]
    public IReadOnlyList<string> Values { get; init; } = [];
}
