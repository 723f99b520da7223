using System.Text.Json.Serialization;

namespace Etl.Core.Runs;

/// <summary>How a run's columns differ from those of a table, and what becomes of it.</summary>
/// <param name="Table">The table, as its service names it.</param>
/// <param name="IsNew">Whether the load makes the table: then no column is listed.</param>
/// <param name="Columns">The columns that differ: the run's in their order, then those that only the table has.</param>
public sealed record TableDifference(string Table, bool IsNew, IReadOnlyList<ColumnDifference> Columns)
{
    /// <summary>Whether the load changes the table's columns.</summary>
    [JsonIgnore]
    public bool ChangesTable => IsNew || Columns.Any(c => c.ChangesTable);
}

/// <summary>How one column differs.</summary>
/// <param name="Name">Its name in the table.</param>
/// <param name="Kind">What becomes of it.</param>
/// <param name="Before">Its type in the table before the run; null when it is not there.</param>
/// <param name="After">Its type after the run; null when it is not there.</param>
public sealed record ColumnDifference(string Name, ColumnDifferenceKind Kind, string? Before, string? After)
{
    /// <summary>With <see cref="ColumnDifferenceKind.Versioned"/>, the column whose values it has from now on.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? VersionOf { get; init; }

    /// <summary>Whether the load changes the table for it.</summary>
    [JsonIgnore]
    public bool ChangesTable => Kind is not (ColumnDifferenceKind.Missing or ColumnDifferenceKind.Discarded or ColumnDifferenceKind.Kept);
}

/// <summary>What becomes of a column that differs.</summary>
public enum ColumnDifferenceKind
{
    /// <summary>It is added to the table.</summary>
    Added,

    /// <summary>The table's type becomes the wider one of the run.</summary>
    Widened,

    /// <summary>It is REQUIRED in the table and becomes NULLABLE.</summary>
    Relaxed,

    /// <summary>The table's type cannot become that of the run: the values go to a new column.</summary>
    Versioned,

    /// <summary>The table, which is replaced, gets another type.</summary>
    Replaced,

    /// <summary>The table, which is replaced, loses it.</summary>
    Removed,

    /// <summary>No object of the run has it: the new rows have no value in it.</summary>
    Missing,

    /// <summary>The table does not have it, and it is left out (a row with a value in it may be rejected).</summary>
    Discarded,

    /// <summary>The table keeps its type, and rows with other values are rejected.</summary>
    Kept,
}
