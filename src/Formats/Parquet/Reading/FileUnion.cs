using System.Collections.Frozen;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Schemas;

namespace Etl.Formats.Parquet.Reading;

/// <summary>Makes one schema of the columns of several files: their union, each column with the narrowest type that the values of all files fit exactly.</summary>
internal sealed class FileUnion(ParquetOptions options)
{
    private readonly Dictionary<string, Found> columns = new(StringComparer.Ordinal);
    private readonly List<string> order = [];
    private readonly List<ObjectDialect> dialects = [];
    private readonly List<string> notes = [];
    private int files;
    private bool isWhole = true;

    /// <summary>Adds a file's columns.</summary>
    /// <exception cref="DataException">One has a type that no column of Etl's has.</exception>
    public void Add(Sample sample, string name, IReadOnlyList<FileColumn> file)
    {
        files++;
        isWhole = isWhole && !sample.OmitsOthers;
        dialects.Add(new ObjectDialect(sample.Object.Uri, sample.Entry, "utf-8", "", null, 0, []));
        foreach (var column in file.Where(c => options.Wants(c.Name)))
        {
            if (column.Type is not { } type) throw Refused(name, column);
            if (columns.TryGetValue(column.Name, out var before))
            {
                var both = before.IsEmpty ? type : column.IsEmpty ? before.Type : Wider(before.Type, type);
                if (both == ColumnType.String && type != before.Type && !before.IsEmpty && !column.IsEmpty)
                    notes.Add($"{column.Name} is {before.TypeName} in {before.File} and {column.TypeName} in {name}, so it is {both.SqlName()}.");
                columns[column.Name] = before with { Type = both, IsEmpty = before.IsEmpty && column.IsEmpty, Nullable = before.Nullable || column.Nullable, Files = before.Files + 1 };
            }
            else
            {
                order.Add(column.Name);
                columns.Add(column.Name, new Found(type, column.TypeName, name, column.Nullable, column.IsEmpty, 1));
            }
        }
    }

    /// <summary>The schema of all files.</summary>
    /// <exception cref="DataException">There is no file, or no column that is wanted.</exception>
    public SchemaProposal Propose()
    {
        if (files == 0) throw new DataException("There is no object to learn the columns from. Look at the source's prefix and pattern.");
        if (options.Columns?.FirstOrDefault(c => !columns.ContainsKey(c)) is { } missing)
            throw new DataException($"No file has the column {missing} that parquet: columns names. {dialects[0].Uri} has {Some(order)}.");
        if (order.Count == 0) throw new DataException($"{dialects[0].Uri} has no column.");
        var contract = options.Contract ?? SchemaContract.Evolve;
        var names = ColumnNames.Legal(order);
        var found = order.Select(n => columns[n]).ToList();
        var schema = new TableSchema([.. found.Select((f, i) => new Column(names[i], f.Type, f.Nullable || f.Files < files || !isWhole, names[i] == order[i] ? null : order[i]) { Contract = contract, IsGuess = !isWhole && f.Type != ColumnType.String })]);
        FrozenSet<string> Names(Func<Found, bool> which) => found.Zip(names).Where(f => which(f.First)).Select(f => f.Second).ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        return new SchemaProposal(schema, dialects, notes)
        {
            IsWhole = isWhole,
            Contract = contract,
            Inferred = Names(_ => true),
            Empty = Names(f => f.IsEmpty),
            Gaps = Names(f => f.Nullable || f.Files < files),
            Findings = [.. found.Select((f, i) => new ColumnFinding(names[i], 0, 0, $"{f.TypeName} in the file", null, null))],
        };
    }

    /// <summary>That a column has a type that no column of Etl's has.</summary>
    public static DataException Refused(string name, FileColumn column) =>
        new($"{name} has the column {column.Name}, which is {column.TypeName}: no column type holds that. Name the columns to read under parquet: columns, or have the file written with it as text or as columns of its own.");

    private static string Some(IReadOnlyList<string> names) => names.Count <= 30 ? string.Join(", ", names) : string.Join(", ", names.Take(30)) + ", …";

    private static ColumnType Wider(ColumnType a, ColumnType b) => a == b || ColumnConversion.Can(b, a) ? a : ColumnConversion.Can(a, b) ? b : ColumnType.String;

    private sealed record Found(ColumnType Type, string TypeName, string File, bool Nullable, bool IsEmpty, int Files);
}
