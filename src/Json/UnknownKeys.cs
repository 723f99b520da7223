using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Csv.Columns;

namespace Etl.Json;

/// <summary>What becomes of values under keys that the schema does not have: those that are not declared, or that no sample has.</summary>
/// <param name="options">The contract.</param>
/// <param name="name">The object.</param>
/// <param name="counts">Where values that are left out are counted, by key.</param>
internal sealed class UnknownKeys(NdjsonOptions options, string name, IDictionary<string, long> counts)
{
    // Keys that are data themselves would have no end.
    private const int MostNames = 1_000;
    private const string Others = "(other keys)";
    private readonly SchemaContract contract = options.Contract ?? SchemaContract.Evolve;
    private readonly List<string> here = [];
    private readonly List<(int Row, string Key)> met = [];

    /// <summary>Begins a row.</summary>
    public void Begin() => here.Clear();

    /// <summary>Notes that the row has a value under such a key.</summary>
    public void Meet(string key) => here.Add(key);

    /// <summary>The row is an object to its end: says what is wrong with it, if anything is.</summary>
    /// <exception cref="SchemaBrokenException">The schema was inferred from samples, and is to be inferred from everything.</exception>
    /// <exception cref="DataException">The contract says so, or a column is declared that is not all.</exception>
    public RowFault? Judge(long line, long? lineFrom)
    {
        if (here is not [var key, ..]) return null;
        switch (contract)
        {
            case SchemaContract.DiscardRow:
                return RowFault.Unknown(key);
            case SchemaContract.DiscardColumn:
                return null;
            case SchemaContract.Evolve when !options.IsDeclared:
                throw new SchemaBrokenException(name, line, lineFrom, key, "none of the samples has this key");
            default:
                throw new DataException($"{name}, line {line}{(lineFrom is { } from ? $" after byte {from}" : "")}, has a key that is no column: {key}. Add it to ndjson: columns, or leave it out with ndjson: contract: discard_column{(options.IsDeclared ? "" : ", or let it be added with ndjson: contract: evolve")}.");
        }
    }

    /// <summary>The row is kept.</summary>
    public void Keep(int row) => met.AddRange(here.Select(key => (row, key)));

    /// <summary>Counts the values of the rows that fit, and forgets them.</summary>
    public void Count(RowFaults faults)
    {
        foreach (var (row, key) in met)
        {
            if (faults.Contains(row)) continue;
            var known = counts.ContainsKey(key) || counts.Count < MostNames ? key : Others;
            counts[known] = (counts.TryGetValue(known, out var before) ? before : 0) + 1;
        }

        met.Clear();
    }
}
