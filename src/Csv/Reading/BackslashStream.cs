namespace Etl.Csv.Reading;

/// <summary>Lets CsvHelper, whose quoted fields know only the doubled quote, read quoted fields with another escape character: an escaped quote is passed on as a doubled one, which is as long, so that offsets stay. An escaped escape and an escaped line end are undone by <see cref="Unescape"/>; before anything else the character is text.</summary>
internal sealed class BackslashStream(Stream inner, CsvDialect dialect) : ReadOnlyStream
{
    private readonly byte quote = (byte)dialect.Quote!.Value;
    private readonly byte escape = (byte)dialect.Escape!.Value;
    private readonly byte delimiter = System.Text.Encoding.UTF8.GetBytes(dialect.Delimiter)[^1];
    private bool quoted, held;
    private bool atStart = true;

    /// <summary>Whether the dialect's quoted fields have an escape character of their own.</summary>
    public static bool IsNeeded(CsvDialect dialect) => dialect is { Quote: { } quote, Escape: { } escape } && quote != escape;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var length = TakeHeld(buffer.Span);
        while (true)
        {
            var read = await inner.ReadAsync(buffer[length..], cancellationToken).ConfigureAwait(false);
            if (read == 0)
                return length;
            length = Rewrite(buffer.Span[..(length + read)]);
            if (length > 0)
                return length;
            length = TakeHeld(buffer.Span);
        }
    }

    public override int Read(Span<byte> buffer)
    {
        var length = TakeHeld(buffer);
        while (true)
        {
            var read = inner.Read(buffer[length..]);
            if (read == 0)
                return length;
            length = Rewrite(buffer[..(length + read)]);
            if (length > 0)
                return length;
            length = TakeHeld(buffer);
        }
    }

    /// <summary>Removes the escapes that are left in a quoted field.</summary>
    /// <returns>The text, in <paramref name="room"/> when anything was removed.</returns>
    public static ReadOnlySpan<byte> Unescape(ReadOnlySpan<byte> text, byte escape, ref byte[] room)
    {
        if (!text.Contains(escape))
            return text;
        if (room.Length < text.Length)
            room = new byte[text.Length];
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == escape && i + 1 < text.Length && (text[i + 1] == escape || text[i + 1] is (byte)'\n' or (byte)'\r'))
                i++;
            room[length++] = text[i];
        }
        return room.AsSpan(0, length);
    }

    // An escape at the end of what was read is held back until the byte after it is known.
    private int TakeHeld(Span<byte> buffer)
    {
        if (!held)
            return 0;
        buffer[0] = escape;
        held = false;
        return 1;
    }

    private int Rewrite(Span<byte> bytes)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            var b = bytes[i];
            if (b == escape && quoted)
            {
                if (i + 1 == bytes.Length)
                {
                    held = true;
                    return i;
                }
                if (bytes[++i] == quote)
                    bytes[i - 1] = quote;
            }
            else if (b == quote && (quoted || atStart))
            {
                quoted = !quoted;
            }
            atStart = !quoted && (b == delimiter || b is (byte)'\n' or (byte)'\r');
        }
        return bytes.Length;
    }
}
