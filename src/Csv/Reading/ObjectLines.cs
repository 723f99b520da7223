using Etl.Csv.Columns;

namespace Etl.Csv.Reading;

/// <summary>Goes through the lines of an object, a block in memory at a time. A line ends with LF (a CR before it is the reader's matter); each is whole in its block.</summary>
/// <param name="content">Text of an encoding in which LF is LF and part of nothing else, from <paramref name="offset"/> on.</param>
/// <param name="offset">Where the content starts in the object.</param>
/// <param name="last">The last byte at which a line may start to be one of these.</param>
/// <param name="inLine">Whether the content starts in the middle of a line, which is then none of these.</param>
internal class ObjectLines(Stream content, long offset = 0, long last = long.MaxValue, bool inLine = false)
{
    /// <summary>The longest line that is read: what is longer is passed over, and said to be <see cref="IsTooLong"/>.</summary>
    public const int MaxLineBytes = 16 << 20;

    private const int BlockBytes = 256 << 10;
    private byte[] buffer = new byte[BlockBytes + FieldText.Padding];
    private long blockOffset = offset;
    private int length;
    private int next;
    private int heldFrom = int.MaxValue;
    private bool ended;
    private bool skips = inLine;
    private bool counts = !inLine;

    /// <summary>How many lines at the object's end are none of these.</summary>
    public int HeldBack { get; init; }

    /// <summary>The block's memory.</summary>
    public byte[] Buffer => buffer;

    /// <summary>The block's text from the line on, or before the first one all of it.</summary>
    public ReadOnlySpan<byte> Text => buffer.AsSpan(next, length - next);

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
        if (IsPastEnd || next == length || next >= heldFrom) return false;
        HasEnd = TryFindEnd(Text, out var end, out var following);
        IsTooLong = !HasEnd && !ended;
        if (IsTooLong && length - next < MaxLineBytes) return false;
        (Start, End) = (next, HasEnd ? next + end : length);
        next = HasEnd ? next + following : length;
        Line = Ended + 1;
        skips = IsTooLong;
        if (HasEnd) Ended++;
        return true;
    }

    /// <summary>Reads the next block, which starts with what is left of this one; false when nothing is left.</summary>
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
        // UTF-8's byte order mark.
        if (blockOffset == 0 && FirstStart is null && !skips && Text.StartsWith("\uFEFF"u8)) next = 3;
        if (HeldBack > 0) heldFrom = FirstHeld();
        return length > 0;
    }

    /// <summary>Where the record that <paramref name="text"/> starts with ends, and where the one after it starts; false when it does not end there.</summary>
    protected virtual bool TryFindEnd(ReadOnlySpan<byte> text, out int end, out int following)
    {
        end = text.IndexOf((byte)'\n');
        following = end + 1;
        return end >= 0;
    }

    private bool SkipToLineEnd()
    {
        var feed = Text.IndexOf((byte)'\n');
        next = feed < 0 ? length : next + feed + 1;
        if (feed < 0 && !ended) return false;
        if (counts && feed >= 0) Ended++;
        (skips, counts) = (false, true);
        return true;
    }

    // The last lines of the block may be the object's last ones as long as more may follow; one more, because the block may end where a line does.
    private int FirstHeld()
    {
        var text = buffer.AsSpan(0, length);
        if (ended && text is [.., (byte)'\n']) text = text[..^1];
        for (var i = ended ? 1 : 0; i <= HeldBack; i++)
        {
            var feed = text.LastIndexOf((byte)'\n');
            if (feed < 0) return 0;
            text = text[..feed];
        }

        return text.Length + 1;
    }
}
