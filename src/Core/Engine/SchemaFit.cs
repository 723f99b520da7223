using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Runs;
using Etl.Core.Schemas;

namespace Etl.Core.Engine;

/// <summary>The columns of a run made to fit the tables that it goes to, as the columns' contracts allow. Nothing is changed yet; the same data and the same tables give the same fit.</summary>
/// <param name="Source">The columns as they are to be parsed.</param>
/// <param name="Schema">The columns of the staged files and the tables.</param>
/// <param name="Placed">What <see cref="RunManifest.Placed"/> says.</param>
/// <param name="Differences">What <see cref="RunManifest.Differences"/> says.</param>
/// <param name="Notes">What a person has to know.</param>
internal sealed record SchemaFit(TableSchema Source, TableSchema Schema, IReadOnlyDictionary<string, string?>? Placed, IReadOnlyList<TableDifference>? Differences, IReadOnlyList<string> Notes)
{
    /// <summary>Fits.</summary>
    /// <exception cref="DataException">A contract is broken, or a column that must have values is missing.</exception>
    public static SchemaFit Make(IReadOnlyList<ITransform> transforms, SchemaProposal proposal, IReadOnlyList<(bool KeepsRows, TargetTable Table)> targets)
    {
        var source = proposal.Schema;
        // What is read as another type changes what the transforms give; it settles as types only get wider, or become the tables'.
        for (var round = 0; ; round++)
        {
            var output = Output(transforms, source);
            // What a transform makes is under the pipeline's contract.
            var columns = output.Columns.Select(c => new FittedColumn(c.Origin is null ? c with { Contract = proposal.Contract } : c, proposal, source)).ToList();
            var fit = new TableFit(proposal, columns, targets);
            if (fit.Fit() is not { Count: > 0 } changed) return Done(source, columns, fit);
            if (round > 2 * source.Columns.Count + targets.Count) throw new InvalidOperationException("The columns do not come to fit the tables.");
            source = new TableSchema([.. source.Columns.Select(c => changed.GetValueOrDefault(c.Name) ?? c)]);
        }
    }

    /// <summary>The transforms of a run, the placing of its columns last.</summary>
    public static IReadOnlyList<BoundTransform> Bind(IReadOnlyList<ITransform> transforms, RunManifest run)
    {
        var bound = Stager.Bind(transforms, run.SourceSchema);
        if (run.Placed is not { } placed) return bound;
        var select = new Transforms.SelectTransform(new Transforms.SelectOptions
        {
            Drop = [.. placed.Where(p => p.Value is null).Select(p => p.Key)],
            Rename = placed.Where(p => p.Value is not null).ToDictionary(p => p.Key, p => p.Value!),
        });
        return [.. bound, select.Bind(bound.Count == 0 ? run.SourceSchema : bound[^1].Output)];
    }

    private static TableSchema Output(IReadOnlyList<ITransform> transforms, TableSchema source)
    {
        var marked = new TableSchema([.. source.Columns.Select(c => c.Metadata is null ? c with { Origin = c.Name } : c)]);
        var bound = Stager.Bind(transforms, marked);
        return bound.Count == 0 ? marked : bound[^1].Output;
    }

    private static SchemaFit Done(TableSchema source, List<FittedColumn> columns, TableFit fit)
    {
        var kept = columns.Where(c => c.Name is not null).ToList();
        if (kept.Count == 0) throw new DataException($"No column is left: {fit.Tables} has none of the run's columns, and the contract leaves out the others. Set csv: contract: evolve to add them.");
        var placed = columns.Where(c => c.Name != c.Column.Name).ToDictionary(c => c.Column.Name, c => c.Name);
        return new SchemaFit(
            source,
            new TableSchema([.. kept.Select(c => c.Column with { Name = c.Name!, Origin = null, IsMasked = false, SourceName = c.Column.SourceName ?? (c.Name == c.Column.Name ? null : c.Column.Name) })]),
            placed.Count == 0 ? null : placed,
            fit.Differences is { Count: > 0 } differences ? differences : null,
            fit.Notes);
    }
}
