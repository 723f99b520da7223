using System.Text.RegularExpressions;
using DuckDB.NET.Data;
using DuckDB.NET.Native;
using Etl.Core.Errors;

namespace Etl.Sql;

/// <summary>DuckDB's errors for people. Before there is data its own words are the best; afterwards they quote values, so only their kind is told.</summary>
internal static partial class SqlErrors
{
    /// <summary>The query is wrong.</summary>
    public static DataException OnPlan(string transform, DuckDBException e) =>
        new($"{transform}: {string.Join(' ', e.Message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(l => !l.StartsWith("LINE ", StringComparison.Ordinal) && l != "^"))} The table is called {SqlBinding.Input}.", e);

    /// <summary>The column that DuckDB's words about a failed conversion name, or null. A name is all that is taken of them.</summary>
    public static string? ColumnIn(string message) => SourceColumn().Match(message) is { Success: true } found ? found.Groups[1].Value : null;

    /// <summary>The query fails on the rows.</summary>
    public static DataException OnData(string transform, DuckDBErrorType kind, string? column) => new($"{transform}: {(column is null ? "" : $"column {column}: ")}{kind switch
    {
        DuckDBErrorType.Conversion or DuckDBErrorType.MismatchType => "a value could not be converted. TRY_CAST gives NULL where CAST fails.",
        DuckDBErrorType.OutOfRange or DuckDBErrorType.Decimal => "a number is out of range for its type. Cast to DOUBLE or VARCHAR, or use TRY(…), which gives NULL.",
        DuckDBErrorType.DivideByZero => "a division by zero.",
        DuckDBErrorType.OutOfMemory => "the query needs more memory than 512 MB for one batch.",
        DuckDBErrorType.InvalidInput => "a function was given a value it does not take. TRY(…) gives NULL there.",
        _ => $"the query failed on the rows ({kind}).",
    }} Nothing was loaded.");

    /// <summary>The query makes bytes.</summary>
    public static DataException Bytes(string transform) =>
        new($"{transform}: the query makes a BLOB, which no table's column can hold. Cast it to VARCHAR, for example with hex(…).");

    [GeneratedRegex(@"when casting from source column ([A-Za-z_][A-Za-z0-9_]*)")]
    private static partial Regex SourceColumn();
}
