using Etl.Core.Contracts;
using Etl.Core.Schemas;

namespace Etl.Core.Engine;

/// <summary>
/// What a pipeline has learned of its columns' types. Today's objects alone may look narrower than what the table has, for a column of which an earlier one
/// held texts too: its inferred type is then the one that was loaded before.
/// </summary>
internal static class KnownTypes
{
    /// <summary>The proposal with the types that were loaded before, where they are wider than the inferred ones or there is no value to infer from.</summary>
    public static SchemaProposal Keep(SchemaProposal proposal, TableSchema? known)
    {
        if (known is null) return proposal;
        var before = known.Columns.ToDictionary(c => c.Name, c => c.Type, StringComparer.OrdinalIgnoreCase);
        var notes = new List<string>();
        var columns = proposal.Schema.Columns.Select(column =>
        {
            if (!proposal.Inferred.Contains(column.Name) || !before.TryGetValue(column.Name, out var type) || type == column.Type) return column;
            if (proposal.Empty.Contains(column.Name)) return column.As(type) with { IsGuess = !proposal.IsWhole };
            if (!type.IsWiderThan(column.Type)) return column;
            notes.Add($"{column.Name} stays {type.SqlName()}, as it was loaded before; these objects alone would make it {column.Type.SqlName()}.");
            return column.As(type);
        }).ToList();
        return proposal with { Schema = new TableSchema(columns), Notes = [.. proposal.Notes, .. notes] };
    }

    /// <summary>What is known after a load: its columns, and those of earlier loads that it did not have.</summary>
    public static TableSchema After(TableSchema? known, TableSchema loaded)
    {
        var settled = new TableSchema([.. loaded.Columns.Where(c => !c.IsRefused).Select(c => c with { IsGuess = false, Contract = default })]);
        return known is null ? settled : new TableSchema([.. settled.Columns.UnionBy(known.Columns, c => c.Name, StringComparer.OrdinalIgnoreCase)]);
    }
}
