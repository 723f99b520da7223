using Etl.Core.Errors;
using Etl.Csv.Columns;

namespace Etl.Json;

/// <summary>Goes through the lines of an object, a block in memory at a time. A line ends with LF (a CR before it is white space to JSON); each is whole in its block.</summary>
/// <param name="content">UTF-8 from <paramref name="offset"/> on.</param>
/// <param name="name">The object, for errors.</param>
/// <param name="offset">Where the content starts in the object.</param>
/// <param name="last">The last byte at which a line may start to be one of these.</param>
/// <param name="inLine">Whether the content starts in the middle of a line, which is then none of these.</param>
internal sealed class JsonLines(Stream content, string name, long offset = 0, long last = long.MaxValue, bool inLine = false)
{
    /// <summary>The longest line that is read: what is longer is passed over, and said to be <see cref="IsTooLong"/>.</summary>
    public const int MaxLineBytes = 16 << 20;

    private const int BlockBytes = 256 << 10;
    private byte[] buffer = new byte[BlockBytes + FieldText.Padding];
    private long blockOffset = offset;
    private int length;
    private int next;
    private bool ended;
    private bool skips = inLine;
    private bool counts = !inLine;

    /// <summary>The block's memory.</summary>
    public byte[] Buffer => buffer;

    /// <summary>Where the line starts in the block.</summary>
    public int Start { get; private set; }

    /// <summary>Where it ends, its LF aside.</summary>
    public int End { get; private set; }

    /// <summary>Its number, from 1; where the content starts in the middle of a line, the first whole one is 1.</summary>
    public long Line { get; private set; }

    /// <summary>Where it starts in the object.</summary>
    public long Offset => blockOffset + Start;

    /// <summary>Whether it is longer than <see cref="MaxLineBytes"/>: only its beginning is in the block.</summary>
    public bool IsTooLong { get; private set; }

    /// <summary>Whether it ends with an LF, so that it is whole whatever follows.</summary>
    public bool HasEnd { get; private set; }

    /// <summary>Whether the next line starts after the last byte at which one may.</summary>
    public bool IsPastEnd { get; private set; }

    /// <summary>Where the first line starts in the object; null while that is not known.</summary>
    public long? FirstStart { get; private set; }

    /// <summary>Where the line after the last one starts in the object.</summary>
    public long NextStart => blockOffset + next;

    /// <summary>Lines ended so far.</summary>
    public long Ended { get; private set; }

    /// <summary>Goes on to the next line of the block; false when no whole one is left in it.</summary>
    public bool Next()
    {
        if (skips && !SkipToLineEnd()) return false;
        FirstStart ??= NextStart;
        if (NextStart > last) IsPastEnd = true;
        if (IsPastEnd || next == length) return false;
        var feed = buffer.AsSpan(next, length - next).IndexOf((byte)'\n');
        IsTooLong = feed < 0 && !ended;
        if (IsTooLong && length - next < MaxLineBytes) return false;
        (Start, End) = (next, feed < 0 ? length : next + feed);
        next = feed < 0 ? length : End + 1;
        Line = Ended + 1;
        skips = IsTooLong;
        HasEnd = feed >= 0;
        if (HasEnd) Ended++;
        return true;
    }

    /// <summary>Reads the next block, which starts with what is left of this one; false when nothing is left.</summary>
    /// <exception cref="DataException">The text is UTF-16.</exception>
    public async ValueTask<bool> FillAsync(CancellationToken cancel)
    {
        if (ended) return false;
        buffer.AsSpan(next, length - next).CopyTo(buffer);
        blockOffset += next;
        (length, next) = (length - next, 0);
        if (length + FieldText.Padding >= buffer.Length) Array.Resize(ref buffer, Math.Min(MaxLineBytes, length * 2) + FieldText.Padding);
        var room = buffer.Length - FieldText.Padding - length;
        var read = await content.ReadAtLeastAsync(buffer.AsMemory(length, room), room, throwOnEndOfStream: false, cancel).ConfigureAwait(false);
        ended = read < room;
        length += read;
        if (blockOffset == 0 && FirstStart is null && !skips) PassByteOrderMark();
        return length > 0;
    }

    private bool SkipToLineEnd()
    {
        var feed = buffer.AsSpan(next, length - next).IndexOf((byte)'\n');
        next = feed < 0 ? length : next + feed + 1;
        if (feed < 0 && !ended) return false;
        if (counts && feed >= 0) Ended++;
        (skips, counts) = (false, true);
        return true;
    }

    private void PassByteOrderMark()
    {
        var text = buffer.AsSpan(0, length);
        if (text.StartsWith("\uFEFF"u8)) next = 3;
        if (text is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
            throw new DataException($"{name} is UTF-16, and JSON that is exchanged is UTF-8 (RFC 8259, 8.1). Convert it: iconv -f utf-16 -t utf-8.");
    }
}
