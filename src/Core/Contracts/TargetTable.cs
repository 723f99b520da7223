using Etl.Core.Schemas;

namespace Etl.Core.Contracts;

/// <summary>A load sink's table as it is before a run.</summary>
/// <param name="Name">As its service names it.</param>
/// <param name="Columns">Its columns in order; null when there is no table yet.</param>
public sealed record TargetTable(string Name, IReadOnlyList<TargetColumn>? Columns)
{
    /// <summary>The column called <paramref name="name"/>, whatever its case, or null.</summary>
    public TargetColumn? Find(string name) => Columns?.FirstOrDefault(c => string.Equals(c.Name, name, StringComparison.OrdinalIgnoreCase));
}

/// <summary>A column of a table.</summary>
/// <param name="Name">The name, as the table spells it.</param>
/// <param name="TypeName">The type, as the service names it.</param>
/// <param name="Types">What it stores as it is, its own type first; empty when that is nothing that Etl writes.</param>
/// <param name="WidensTo">What the service can make of it with its values kept.</param>
/// <param name="Required">Whether every row must have a value.</param>
public sealed record TargetColumn(string Name, string TypeName, IReadOnlyList<ColumnType> Types, IReadOnlyList<ColumnType> WidensTo, bool Required);
