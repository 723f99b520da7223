using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Runs;
using Etl.Core.Schemas;

namespace Etl.Core.Engine;

/// <summary>Places a run's columns in its tables. What one table asks of a column holds for all of them: they load the same files.</summary>
internal sealed class TableFit
{
    private readonly SchemaProposal proposal;
    private readonly List<FittedColumn> columns;
    private readonly IReadOnlyList<(bool KeepsRows, TargetTable Table)> targets;
    private readonly HashSet<string> names;
    private readonly Dictionary<string, Column> changed = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<TargetTable, List<ColumnDifference>> differences;
    private readonly List<string> broken = [];
    private readonly List<string> notes = [];

    public TableFit(SchemaProposal proposal, List<FittedColumn> columns, IReadOnlyList<(bool KeepsRows, TargetTable Table)> targets)
    {
        (this.proposal, this.columns, this.targets) = (proposal, columns, targets);
        names = columns.Select(c => c.Column.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        // Two sinks may load one table.
        differences = new Dictionary<TargetTable, List<ColumnDifference>>(ReferenceEqualityComparer.Instance);
        foreach (var (_, table) in targets) differences[table] = [];
    }

    /// <summary>The tables' names.</summary>
    public string Tables => string.Join(" and ", targets.Select(t => t.Table.Name));

    /// <summary>What a person has to know.</summary>
    public IReadOnlyList<string> Notes => notes;

    /// <summary>The tables that differ.</summary>
    public IReadOnlyList<TableDifference> Differences =>
        [.. targets.Select(t => new TableDifference(t.Table.Name, t.Table.Columns is null, differences[t.Table])).Where(d => d.IsNew || d.Columns.Count > 0)];

    /// <summary>Places every column.</summary>
    /// <returns>The source's columns that have to be parsed otherwise for it, by name: then all is to be done again.</returns>
    /// <exception cref="DataException">A contract is broken, or a column that must have values is missing.</exception>
    public IReadOnlyDictionary<string, Column> Fit()
    {
        foreach (var column in columns) Place(column);
        if (changed.Count > 0) return changed;
        foreach (var (keepsRows, table) in targets) LookForMissing(keepsRows, table);
        if (broken.Count > 0)
            throw new DataException($"The data and {Tables} differ, and the contract (csv: contract) says that they must not. Nothing was loaded.\n  {string.Join("\n  ", broken)}\nCorrect the data, or set contract: evolve (for a single column: under csv: columns), discard_column or discard_row.");
        return changed;
    }

    private void Place(FittedColumn column)
    {
        var contract = column.Column.Contract;
        // A table that is replaced takes the run's columns as they are, unless they are to stay.
        var bound = targets.Where(t => t.Table.Columns is not null && (t.KeepsRows || contract != SchemaContract.Evolve)).Select(t => t.Table).ToList();
        foreach (var (_, table) in targets.Where(t => t.Table.Columns is not null && !bound.Contains(t.Table))) Replace(column, table);
        if (bound.Count == 0) return;
        var versions = ColumnVersions.Of(column.Column.Name, bound, names);
        if (versions.Count == 0)
        {
            if (contract is SchemaContract.DiscardColumn or SchemaContract.DiscardRow) Discard(column, bound);
            else foreach (var table in bound) Add(column, table);
        }
        else if (FindPlace(column, bound, versions) is var (name, type))
        {
            Settle(column, bound, name, type);
        }
        else
        {
            Misfit(column, bound, versions[0]);
        }
    }

    // The newest version that takes the values; the data's own type before the table's.
    private static (string Name, ColumnType Type)? FindPlace(FittedColumn column, List<TargetTable> bound, IReadOnlyList<int> versions)
    {
        foreach (var version in versions)
        {
            var name = ColumnVersions.NameOf(column.Column.Name, version);
            var there = bound.Select(t => t.Find(name)).OfType<TargetColumn>().ToList();
            foreach (var type in there.SelectMany(c => c.Types).Prepend(column.Column.Type))
                if (column.CanBeReadAs(type) && there.All(c => c.Types.Contains(type))) return (name, type);
        }

        return null;
    }

    private void Misfit(FittedColumn column, List<TargetTable> bound, int newest)
    {
        var name = ColumnVersions.NameOf(column.Column.Name, newest);
        var there = bound.Select(t => t.Find(name)).OfType<TargetColumn>().ToList();
        switch (column.Column.Contract)
        {
            case SchemaContract.Evolve when Widened(column, there) is { } type:
                Settle(column, bound, name, type);
                break;
            case SchemaContract.Evolve:
                var version = newest + 1;
                while (names.Contains(ColumnVersions.NameOf(column.Column.Name, version))) version++;
                AddVersion(column, bound, name, ColumnVersions.NameOf(column.Column.Name, version));
                break;
            case SchemaContract.Freeze:
                foreach (var table in bound.Where(t => t.Find(name) is not null))
                    broken.Add($"{name} is {table.Find(name)!.TypeName} in {table.Name} and {column.Column.Type.SqlName()} in the data{Because(column)}");
                break;
            default:
                ReadAsTable(column, bound, name, there);
                break;
        }
    }

    private static ColumnType? Widened(FittedColumn column, List<TargetColumn> there) =>
        there.SelectMany(c => c.WidensTo).Prepend(column.Column.Type).Where(column.CanBeReadAs)
            .Where(t => there.All(c => c.Types.Contains(t) || c.WidensTo.Contains(t))).Select(t => (ColumnType?)t).FirstOrDefault();

    // The column has a place of a type that takes its values, or can be made to.
    private void Settle(FittedColumn column, List<TargetTable> bound, string name, ColumnType type)
    {
        column.Name = bound.Select(t => t.Find(name)?.Name).OfType<string>().First();
        if (column.ReadAs(type) is { } read)
        {
            changed[read.Name] = read;
            return;
        }

        foreach (var table in bound)
        {
            if (table.Find(name) is not { } there)
            {
                AddBeside(column, table, type);
                continue;
            }

            if (!there.Types.Contains(type)) differences[table].Add(new ColumnDifference(there.Name, ColumnDifferenceKind.Widened, there.TypeName, type.SqlName()));
            else if (column.TypeOfData is { } shown) Keep(column, table, there, shown);
            if (there.Required && column.Column.Nullable) Require(column, table, there);
        }
    }

    private void Require(FittedColumn column, TargetTable table, TargetColumn there)
    {
        var contract = column.Column.Contract;
        if (contract is SchemaContract.Evolve or SchemaContract.Freeze && (column.HasGaps || !column.CanBeRequired))
        {
            if (contract == SchemaContract.Freeze) broken.Add($"{there.Name} must have a value in {table.Name}, and rows of the data have none");
            else differences[table].Add(new ColumnDifference(there.Name, ColumnDifferenceKind.Relaxed, there.TypeName + " REQUIRED", there.TypeName));
        }
        else if (column.CanBeRequired)
        {
            changed[column.Column.Origin!] = column.Required;
        }
        else
        {
            throw new DataException($"{there.Name} must have a value in {table.Name}, and a transform makes it, of which that is not known. Set contract: evolve, which makes it nullable, or change the table.");
        }
    }

    private void Add(FittedColumn column, TargetTable table)
    {
        if (column.Column.Contract == SchemaContract.Freeze) broken.Add($"{column.Column.Name}, {column.Column.Type.SqlName()}, is not in {table.Name}");
        else differences[table].Add(new ColumnDifference(column.Name!, ColumnDifferenceKind.Added, null, column.Column.Type.SqlName()));
    }

    // Another table has it; whether this one gets it too is the contract's, but it cannot be left out of one alone.
    private void AddBeside(FittedColumn column, TargetTable table, ColumnType type)
    {
        if (column.Column.Contract is SchemaContract.DiscardColumn or SchemaContract.DiscardRow)
            throw new DataException($"{column.Name} is in another table of this pipeline and not in {table.Name}, and both load the same files, so it cannot be left out of one. Add it there ({type.SqlName()}), or set contract: evolve.");
        Add(column, table);
    }

    private void AddVersion(FittedColumn column, List<TargetTable> bound, string old, string name)
    {
        column.Name = name;
        foreach (var table in bound)
        {
            var there = table.Find(old);
            differences[table].Add(new ColumnDifference(name, ColumnDifferenceKind.Versioned, null, column.Column.Type.SqlName()) { VersionOf = there?.Name ?? old });
            if (there is null) continue;
            notes.Add($"{there.Name} is {there.TypeName} in {table.Name} and {column.Column.Type.SqlName()} in the data{Because(column)}, and the table's type cannot become that. New values go to the new column {name}; {there.Name} keeps those it has. Read both with COALESCE(CAST({there.Name} AS STRING), CAST({name} AS STRING)).");
            if (there.Required)
                throw new DataException($"{there.Name} is {there.TypeName} REQUIRED in {table.Name} and {column.Column.Type.SqlName()} in the data{Because(column)}. The values would go to a new column, and {there.Name} must have some. Correct the data, or drop the requirement: ALTER COLUMN {there.Name} DROP NOT NULL.");
        }
    }

    private void Keep(FittedColumn column, TargetTable table, TargetColumn there, ColumnType shown)
    {
        differences[table].Add(new ColumnDifference(there.Name, ColumnDifferenceKind.Kept, there.TypeName, there.TypeName));
        notes.Add($"{there.Name} is {there.TypeName} in {table.Name} and {shown.SqlName()} in the data{Because(column)}. The table stays, and rows with other values are rejected (contract: {Pipelines.OptionModel.YamlName(column.Column.Contract.ToString())}).");
    }

    private void ReadAsTable(FittedColumn column, List<TargetTable> bound, string name, List<TargetColumn> there)
    {
        if (!column.IsOfSource || there[0].Types.Where(t => there.All(c => c.Types.Contains(t))).Cast<ColumnType?>().FirstOrDefault() is not { } type)
            throw new DataException($"{name} is {there[0].TypeName} in {bound.First(t => t.Find(name) is not null).Name} and {column.Column.Type.SqlName()} in the data, which cannot be read as that. Leave it out with select: drop, or set contract: evolve.");
        changed[column.Column.Origin!] = column.ReadAs(type, exactly: true)!;
    }

    private void Discard(FittedColumn column, List<TargetTable> bound)
    {
        if (column.Column.Contract == SchemaContract.DiscardRow && column.Refused is { } refused)
        {
            changed[refused.Name] = refused;
            return;
        }

        column.Name = null;
        foreach (var table in bound) differences[table].Add(new ColumnDifference(column.Column.Name, ColumnDifferenceKind.Discarded, null, null));
        notes.Add($"{column.Column.Name} is not in {string.Join(" and ", bound.Select(t => t.Name))}, and {(column.Column.IsRefused ? "a row with a value in it is rejected (contract: discard_row)" : "is left out (contract: discard_column)")}.");
    }

    private void Replace(FittedColumn column, TargetTable table)
    {
        if (table.Find(column.Name!) is not { } there) differences[table].Add(new ColumnDifference(column.Name!, ColumnDifferenceKind.Added, null, column.Column.Type.SqlName()));
        else if (!there.Types.Contains(column.Column.Type)) differences[table].Add(new ColumnDifference(column.Name!, ColumnDifferenceKind.Replaced, there.TypeName, column.Column.Type.SqlName()));
    }

    private void LookForMissing(bool keepsRows, TargetTable table)
    {
        var placed = columns.Where(c => c.Name is not null).Select(c => c.Name!).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var there in (table.Columns ?? []).Where(c => !placed.Contains(c.Name)))
        {
            var isOldVersion = columns.Any(c => c.Name is not null && ColumnVersions.VersionOf(there.Name, c.Column.Name) is not null);
            if (!keepsRows)
            {
                if (proposal.Contract == SchemaContract.Evolve) differences[table].Add(new ColumnDifference(there.Name, ColumnDifferenceKind.Removed, there.TypeName, null));
                else broken.Add($"{there.Name}, {there.TypeName}, is in {table.Name} and not in the data, and write: replace would remove it");
            }
            else if (there.Required)
            {
                throw new DataException($"{there.Name} must have a value in {table.Name}, and the data has no such column. Add the column to the data, or drop the requirement: ALTER COLUMN {there.Name} DROP NOT NULL.");
            }
            else if (!isOldVersion)
            {
                differences[table].Add(new ColumnDifference(there.Name, ColumnDifferenceKind.Missing, there.TypeName, there.TypeName));
            }
        }
    }

    private static string Because(FittedColumn column) => column.Why is { } why ? $" ({why})" : "";
}
