using System.Text;
using Etl.Csv.Dialects;

namespace Etl.Csv.Reading;

/// <summary>The text of one object as UTF-8, without its byte order mark and its preamble. Bytes that are no text in the object's encoding come out as <see cref="TextEncodings.Invalid"/>, or as they are when the encoding is UTF-8.</summary>
internal sealed class Utf8Source : ReadOnlyStream
{
    private const int ChunkBytes = 64 * 1024;
    private readonly Stream content;
    private readonly Decoder? decoder;
    private readonly byte[] raw = [];
    private readonly char[] chars = [];
    private readonly byte[] utf8 = [];
    private ReadOnlyMemory<byte> head;
    private ReadOnlyMemory<byte> ready;
    private bool ended;

    /// <param name="head">The first bytes of the content, read already, after the byte order mark.</param>
    /// <param name="content">The content after those.</param>
    /// <param name="dialect">The encoding.</param>
    public Utf8Source(ReadOnlyMemory<byte> head, Stream content, CsvDialect dialect)
    {
        this.head = head;
        this.content = content;
        if (dialect.Encoding == "utf-8")
            return;
        decoder = TextEncodings.Find(dialect.Encoding)!.GetDecoder();
        raw = new byte[ChunkBytes];
        chars = new char[ChunkBytes + 16];
        utf8 = new byte[(ChunkBytes + 16) * 3];
    }

    /// <summary>Bytes passed over by <see cref="SkipLinesAsync"/>.</summary>
    public long Skipped { get; private set; }

    /// <summary>Passes over the first lines.</summary>
    public async ValueTask SkipLinesAsync(int lines, CancellationToken cancel)
    {
        if (lines == 0)
            return;
        var buffer = new byte[ChunkBytes];
        var afterReturn = false;
        while (true)
        {
            var read = await ReadAsync(buffer, cancel).ConfigureAwait(false);
            if (read == 0)
                return;
            for (var i = 0; i < read; i++)
            {
                var b = buffer[i];
                if (lines == 0 && !(afterReturn && b == '\n'))
                {
                    Skipped += i;
                    ready = (byte[])[.. buffer.AsSpan(i, read - i), .. ready.Span];
                    return;
                }
                if (b == '\r' || (b == '\n' && !afterReturn))
                    lines--;
                afterReturn = b == '\r';
            }
            Skipped += read;
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (TakeReady(buffer.Span) is var taken and > 0)
            return taken;
        if (decoder is null)
        {
            var length = TakeHead(buffer.Span);
            if (length == 0)
                length = await content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            return length;
        }
        while (!ended && ready.IsEmpty)
        {
            var length = TakeHead(raw);
            if (length == 0)
                length = await content.ReadAsync(raw, cancellationToken).ConfigureAwait(false);
            Decode(length);
        }
        return TakeReady(buffer.Span);
    }

    public override int Read(Span<byte> buffer) => throw new NotSupportedException("This stream is read asynchronously.");

    private void Decode(int length)
    {
        ended = length == 0;
        var count = decoder!.GetChars(raw.AsSpan(0, length), chars, ended);
        // The decoder keeps a surrogate pair together, so that every piece can be encoded by itself.
        ready = utf8.AsMemory(0, Encoding.UTF8.GetBytes(chars.AsSpan(0, count), utf8));
    }

    private int TakeReady(Span<byte> buffer) => Take(ref ready, buffer);

    private int TakeHead(Span<byte> buffer) => Take(ref head, buffer);

    private static int Take(ref ReadOnlyMemory<byte> from, Span<byte> buffer)
    {
        var length = Math.Min(from.Length, buffer.Length);
        from.Span[..length].CopyTo(buffer);
        from = from[length..];
        return length;
    }
}
