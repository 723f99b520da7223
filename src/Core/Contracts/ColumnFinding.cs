namespace Etl.Core.Contracts;

/// <summary>Why inference gave a column its type.</summary>
/// <param name="Column">The column's name.</param>
/// <param name="Values">How many values were looked at, empty ones included.</param>
/// <param name="Empty">How many of them were empty.</param>
/// <param name="Why">The reason, without any value.</param>
/// <param name="Example">The value that decided, or null.</param>
/// <param name="Hint">What a person could declare instead; null when there is nothing to gain.</param>
public sealed record ColumnFinding(string Column, long Values, long Empty, string Why, ColumnExample? Example, ColumnHint? Hint);

/// <summary>How a column could be declared.</summary>
/// <param name="Keys">Its keys in the parser's options, besides its name, in YAML.</param>
/// <param name="Remark">What to think of, or null.</param>
public sealed record ColumnHint(string Keys, string? Remark = null);

/// <summary>A value that decided a column's type. It is data: show it only to the person who may read the source, never in a log.</summary>
/// <param name="Value">The value, shortened.</param>
/// <param name="Object">The object's address.</param>
/// <param name="Position">Its line there, in words.</param>
public sealed record ColumnExample(string Value, string Object, string Position);
