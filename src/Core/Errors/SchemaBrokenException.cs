namespace Etl.Core.Errors;

/// <summary>A value, or a column, does not fit what was guessed from samples. Whoever guessed can look at everything and begin again.</summary>
/// <param name="objectName">The object's address, with the file inside an archive after <c>!</c>.</param>
/// <param name="line">The 1-based line of the row.</param>
/// <param name="lineFrom">The byte offset that <paramref name="line"/> counts from; null when it counts from the object's start.</param>
/// <param name="column">The column.</param>
/// <param name="reason">Expected and found, without the value.</param>
public sealed class SchemaBrokenException(string objectName, long line, long? lineFrom, string column, string reason)
    : DataException($"{At(objectName, line, lineFrom)}, {column}: {reason}. The columns were guessed from samples, which do not show that. Declare the column, or infer from all rows (etl infer --whole).")
{
    /// <summary>The object's address.</summary>
    public string ObjectName { get; } = objectName;

    /// <summary>The 1-based line of the row.</summary>
    public long Line { get; } = line;

    /// <summary>The byte offset that <see cref="Line"/> counts from; null when it counts from the object's start.</summary>
    public long? LineFrom { get; } = lineFrom;

    /// <summary>The column.</summary>
    public string Column { get; } = column;

    /// <summary>Expected and found, without the value.</summary>
    public string Reason { get; } = reason;

    /// <summary>Object and line, for a person.</summary>
    public string Where => At(ObjectName, Line, LineFrom);

    /// <summary>The same, with its line counted from the object's start.</summary>
    /// <param name="lines">Lines before <see cref="LineFrom"/>.</param>
    public SchemaBrokenException After(long lines) => new(ObjectName, Line + lines, null, Column, Reason);

    private static string At(string objectName, long line, long? lineFrom) => $"{objectName}, line {line}{(lineFrom is { } from ? $" after byte {from}" : "")}";
}
