using Etl.Csv.Reading;

namespace Etl.Json;

/// <summary>Why a line is no row.</summary>
/// <param name="Reason">Expected and found, without any of it.</param>
/// <param name="Kind">For grouping.</param>
/// <param name="Column">The key at fault, or null.</param>
internal sealed record RowFault(string Reason, string Kind, string? Column = null)
{
    public static readonly RowFault NoText = new("expected text in UTF-8, found bytes that are none", "encoding");
    public static readonly RowFault HalfCharacter = new("expected text, found an escape that stands for half a character", "encoding");
    public static readonly RowFault NoObject = new("expected a JSON object, found another value", "malformed");
    public static readonly RowFault TooLong = new($"expected a line of at most {ObjectLines.MaxLineBytes >> 20} MiB, found a longer one", "malformed");

    /// <summary>The line is no JSON from a byte on.</summary>
    public static RowFault Malformed(long? at) => new($"expected one JSON object on the line, found what is none{(at is { } place ? $" (byte {place + 1} of the line)" : "")}", "malformed");

    /// <summary>A key comes twice, so that it is anyone's guess which value counts (RFC 8259, 4).</summary>
    public static RowFault Twice(string key) => new("expected each key once, found it again", "duplicate-key", key);

    /// <summary>A key that the columns do not have.</summary>
    public static RowFault Unknown(string key) => new("expected no value: the table, or the declaration, has no such column (contract: discard_row)", "unknown-column", key);
}
