using System.Text;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Csv.Dialects;

namespace Etl.Csv.Reading;

/// <summary>Says of a row that does not fit where it is and why.</summary>
/// <param name="blocks">The text.</param>
/// <param name="dialect">How it is written.</param>
/// <param name="name">The object.</param>
/// <param name="textOffset">Where the text starts in the object.</param>
/// <param name="linesFrom">The byte of the object from which lines are counted, and the line that the text says it is on; null when lines are those of the object.</param>
internal sealed class RowRejects(TextBlocks blocks, CsvDialect dialect, string name, long textOffset, (long Byte, long Line)? linesFrom = null)
{
    private const int RowBytes = 64 * 1024;

    /// <summary>A rejected row.</summary>
    /// <param name="start">Where it starts in the block.</param>
    /// <param name="end">Where it ends.</param>
    /// <param name="surplus">By how much the text before it is longer in the object than in the block.</param>
    /// <param name="column">The column at fault, or null.</param>
    /// <param name="value">The text at fault.</param>
    /// <param name="reason">Expected and found.</param>
    /// <param name="kind">For grouping.</param>
    public Reject Create(int start, int end, long surplus, string? column, ReadOnlySpan<byte> value, string reason, string kind) =>
        new(name, LineOf(start), OffsetOf(start, surplus), column, Shown(value), reason, kind, Shown(blocks.Buffer.AsSpan(start..end)))
        {
            LineFrom = LineFrom,
        };

    /// <summary>That a row could be repaired, which the options say is an error.</summary>
    public DataException Unwanted(int start, long surplus, string kind) =>
        new($"{name} has a row that could be repaired, line {LineOf(start)}{(linesFrom is { } from ? $" after byte {from.Byte}" : "")}, byte {OffsetOf(start, surplus)}: {RepairOptions.Describe(kind)}. Mend it, or set csv: repairs: {kind.Replace('-', '_')} to accept or reject.");

    /// <summary>Whether a record is text in the dialect's encoding, and was when it was transcoded.</summary>
    public static bool IsText(ReadOnlySpan<byte> record, CsvDialect dialect) =>
        TextEncodings.IsText(record, transcoded: dialect.Encoding != "utf-8");

    /// <summary>That a record is no text.</summary>
    public string NoText => $"expected text in {dialect.Encoding}, found bytes that are none";

    /// <summary>The byte of the object from which lines are counted; null when from its start.</summary>
    public long? LineFrom => linesFrom?.Byte;

    /// <summary>The line that a row starts on.</summary>
    /// <param name="start">Where it starts in the block.</param>
    public long LineOf(int start) => blocks.LineOf(start) - (linesFrom is { } from ? from.Line - 1 : 0);

    /// <summary>The byte of the object that a row starts at.</summary>
    /// <param name="start">Where it starts in the block.</param>
    /// <param name="surplus">By how much the text before it is longer in the object than in the block.</param>
    public long OffsetOf(int start, long surplus) => textOffset + blocks.Offset + start + surplus;

    private static string Shown(ReadOnlySpan<byte> text) => Encoding.UTF8.GetString(text.Length > RowBytes ? text[..RowBytes] : text);
}
