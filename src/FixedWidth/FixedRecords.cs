using Etl.Core.Errors;
using Etl.Csv.Reading;

namespace Etl.FixedWidth;

/// <summary>Goes through the records of an object: its lines, or pieces of one length where there are no line ends.</summary>
/// <param name="content">The text.</param>
/// <param name="text">What it is.</param>
/// <param name="length">Units in a record; null where records are lines.</param>
/// <param name="offset">Where the content starts in the object.</param>
/// <param name="last">The last byte at which a record may start to be one of these.</param>
/// <param name="inLine">Whether the content starts in the middle of a line.</param>
internal sealed class FixedRecords(Stream content, FixedText text, int? length, long offset = 0, long last = long.MaxValue, bool inLine = false) : ObjectLines(content, offset, last, inLine)
{
    /// <summary>Units in a record of the object that starts with <paramref name="head"/>; null where records are lines.</summary>
    public static int? LengthOf(ReadOnlySpan<byte> head, FixedText text, FixedWidthOptions options, string name)
    {
        if (options.RecordLength is not { } length) return null;
        var start = text.Start(head);
        var rest = start[text.Place(start, length)..];
        if (rest is [(byte)'\n' or (byte)'\r', ..] || (rest.IsEmpty && start.Contains((byte)'\n'))) return null;
        return options.SkipLastLines == 0 ? length : throw new DataException($"{name} has no line ends, and skip_last_lines passes over lines. Say with fixed-width: skip_prefixes what its last records start with.");
    }

    /// <inheritdoc/>
    protected override bool TryFindEnd(ReadOnlySpan<byte> rest, out int end, out int following)
    {
        if (length is not { } units) return base.TryFindEnd(rest, out end, out following);
        end = text.Place(rest, units);
        // The last character of a block may be cut.
        var isWhole = end < rest.Length || (text.CountsBytes && end == units);
        following = end;
        return isWhole;
    }
}
