using System.Text.Json.Serialization;

namespace Etl.Core.Contracts;

/// <summary>Takes the rows that do not fit. Given by the engine, called by one parser at a time.</summary>
public interface IDeadLetters
{
    /// <summary>Keeps a rejected row with its reason.</summary>
    /// <exception cref="Errors.DataException">More rows were rejected than the pipeline allows.</exception>
    ValueTask RejectAsync(Reject reject, CancellationToken cancel);
}

/// <summary>A row that did not fit.</summary>
/// <param name="Object">The object's address, with the file inside an archive after <c>!</c>.</param>
/// <param name="Line">The 1-based line the row starts on; 0 when a transform rejected it and its line was not known any more.</param>
/// <param name="ByteOffset">Where the row starts in the decompressed content (in UTF-8 after transcoding).</param>
/// <param name="Column">The column at fault, or null when the whole row is.</param>
/// <param name="Value">The text at fault.</param>
/// <param name="Reason">Why, for a person: expected and found.</param>
/// <param name="Kind">Why, for grouping: <c>type</c>, <c>too-many-fields</c>, <c>required</c>, <c>malformed</c>, <c>encoding</c> …</param>
/// <param name="Row">The row as it was read, cut at 64 KiB.</param>
public sealed record Reject(string Object, long Line, long ByteOffset, string? Column, string Value, string Reason, string Kind, string Row)
{
    /// <summary>The byte offset that <see cref="Line"/> counts from, while it is not known how many lines are before it; null when it counts from the object's start.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? LineFrom { get; init; }
}
