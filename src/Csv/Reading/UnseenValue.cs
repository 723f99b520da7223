using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Schemas;

namespace Etl.Csv.Reading;

/// <summary>What a value that does not fit its column means: the row is rejected where the type was declared, or the contract says so; otherwise the type was guessed from samples that did not show it.</summary>
internal static class UnseenValue
{
    /// <summary>The rejected row, when that is all.</summary>
    /// <param name="column">The column.</param>
    /// <param name="mismatch">The row that does not fit it.</param>
    /// <param name="parser">The parser's name, as pipeline files have it.</param>
    /// <param name="advice">How the type is declared.</param>
    /// <exception cref="SchemaBrokenException">The type was a guess, and is to be found anew.</exception>
    /// <exception cref="DataException">The same, and the contract makes it an error.</exception>
    public static Reject Judge(Column column, Reject mismatch, string parser, string advice)
    {
        if (!column.IsGuess || column.Contract is SchemaContract.DiscardRow or SchemaContract.DiscardColumn) return mismatch;
        throw column.Contract == SchemaContract.Freeze
            ? new DataException($"{mismatch.Object}, line {mismatch.Line}{(mismatch.LineFrom is { } from ? $" after byte {from}" : "")}, {mismatch.Column}: {mismatch.Reason}. The samples did not show it, and {parser}: contract: freeze makes this an error, so nothing was loaded. {advice}, or set contract: evolve or discard_row.")
            : new SchemaBrokenException(mismatch.Object, mismatch.Line, mismatch.LineFrom, column.Name, mismatch.Reason);
    }
}
