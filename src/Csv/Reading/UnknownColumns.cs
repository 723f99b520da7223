using Etl.Core.Contracts;
using Etl.Core.Errors;

namespace Etl.Csv.Reading;

/// <summary>What becomes of a column that an object has and the schema does not: one that is not declared, or that no sampled object has.</summary>
internal static class UnknownColumns
{
    /// <summary>Whether it is left out.</summary>
    /// <param name="parser">The parser's name, as pipeline files have it.</param>
    /// <param name="contract">What its options say.</param>
    /// <param name="isDeclared">Whether they declare all columns.</param>
    /// <param name="name">The object.</param>
    /// <param name="column">The column, by its legal name.</param>
    /// <param name="field">Its place, from 0.</param>
    /// <param name="line">The line it was met on.</param>
    /// <exception cref="SchemaBrokenException">The schema was inferred from samples, and is to be inferred from everything.</exception>
    /// <exception cref="DataException">The contract says so, or a column is declared that is not all.</exception>
    public static void Check(string parser, SchemaContract? contract, bool isDeclared, string name, string column, int field, long line = 1)
    {
        if (contract is SchemaContract.DiscardColumn or SchemaContract.DiscardRow) return;
        if ((contract ?? SchemaContract.Evolve) == SchemaContract.Evolve && !isDeclared) throw new SchemaBrokenException(name, line, null, column, "none of the sampled objects has this column");
        throw new DataException($"{name} has a column that the schema does not have: {column} (column {field + 1}). Add it to {parser}: columns, or leave it out with {parser}: contract: discard_column{(isDeclared ? "" : $", or let it be added with {parser}: contract: evolve")}.");
    }
}
