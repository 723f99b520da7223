using Etl.Core.Contracts;
using Etl.Core.Errors;

namespace Etl.Csv.Reading;

/// <summary>What becomes of a column that an object has and the schema does not: one that is not declared, or that no sampled object has.</summary>
internal static class UnknownColumns
{
    /// <summary>Whether it is left out.</summary>
    /// <param name="options">The contract.</param>
    /// <param name="name">The object.</param>
    /// <param name="column">The column, by its legal name.</param>
    /// <param name="field">Its place, from 0.</param>
    /// <exception cref="SchemaBrokenException">The schema was inferred from samples, and is to be inferred from everything.</exception>
    /// <exception cref="DataException">The contract says so, or a column is declared that is not all.</exception>
    public static void Check(CsvOptions options, string name, string column, int field)
    {
        var contract = options.Contract ?? SchemaContract.Evolve;
        if (contract is SchemaContract.DiscardColumn or SchemaContract.DiscardRow) return;
        if (contract == SchemaContract.Evolve && !options.IsDeclared) throw new SchemaBrokenException(name, 1, null, column, "none of the sampled objects has this column");
        throw new DataException($"{name} has a column that the schema does not have: {column} (column {field + 1}). Add it to csv: columns, or leave it out with csv: contract: discard_column{(options.IsDeclared ? "" : ", or let it be added with csv: contract: evolve")}.");
    }
}
