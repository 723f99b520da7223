using Etl.Core.Errors;
using Etl.Csv.Columns;
using Etl.Csv.Dialects;

namespace Etl.Csv.Reading;

/// <summary>The text of an object a block at a time. Each block starts where a record does: what the reader did not use of one block is at the front of the next.</summary>
/// <param name="rows">UTF-8 after the preamble.</param>
/// <param name="name">The object, for errors.</param>
/// <param name="firstLine">The 1-based line that the text starts on.</param>
internal sealed class TextBlocks(Stream rows, string name, long firstLine)
{
    /// <summary>The usual size of a block: small enough to stay in a core's own cache.</summary>
    public const int BlockBytes = 256 * 1024;

    // What may be read after the text, and room for one line end before it.
    private const int Spare = FieldText.Padding + 1;

    private byte[] buffer = new byte[BlockBytes + Spare];
    private int length;
    private long lines = firstLine;
    private bool afterReturn;

    /// <summary>The block's memory, which goes on after <see cref="Length"/>.</summary>
    public byte[] Buffer => buffer;

    /// <summary>The bytes of text in the block.</summary>
    public int Length => length;

    /// <summary>Whether no text follows the block.</summary>
    public bool IsLast { get; private set; }

    /// <summary>Where the block starts in the text.</summary>
    public long Offset { get; private set; }

    /// <summary>Goes on to the next block.</summary>
    /// <param name="used">The bytes of this block that are done with.</param>
    /// <param name="cancel">Stops reading.</param>
    /// <returns>False when all text is used.</returns>
    /// <exception cref="DataException">A record is longer than <see cref="CsvReaders.MaxRecordBytes"/>.</exception>
    public async ValueTask<bool> NextAsync(int used, CancellationToken cancel)
    {
        if (IsLast && used == length)
            return false;
        Use(used);
        if (length + Spare >= buffer.Length)
            Grow();
        var room = buffer.Length - Spare - length;
        var read = await rows.ReadAtLeastAsync(buffer.AsMemory(length, room), room, throwOnEndOfStream: false, cancel).ConfigureAwait(false);
        length += read;
        IsLast = read < room;
        return length > 0;
    }

    /// <summary>Puts an empty line before the text, which then starts at 1 in the block; everything keeps its place in the text and its line.</summary>
    public void StartWithEmptyLine()
    {
        buffer.AsSpan(0, length).CopyTo(buffer.AsSpan(1));
        buffer[0] = (byte)'\n';
        length++;
        Offset--;
        lines--;
        afterReturn = false;
    }

    /// <summary>The 1-based line that the byte at <paramref name="position"/> of the block is on.</summary>
    public long LineOf(int position) => lines + LineBreaksTo(position);

    private void Use(int used)
    {
        lines += LineBreaksTo(used);
        if (used > 0)
            afterReturn = buffer[used - 1] == '\r';
        Offset += used;
        length -= used;
        buffer.AsSpan(used, length).CopyTo(buffer);
    }

    private void Grow()
    {
        if (length >= CsvReaders.MaxRecordBytes)
            throw new DataException($"{name} has a record that does not end within {CsvReaders.MaxRecordBytes >> 20} MiB (line {lines}): most likely a quote that is never closed. Mend the object, or state csv: quote: none if quotes are text there.");
        Array.Resize(ref buffer, Math.Min(CsvReaders.MaxRecordBytes, length * 2) + Spare);
    }

    private int LineBreaksTo(int position)
    {
        var text = buffer.AsSpan(0, position);
        // A CR that ended the text before was counted; an LF at the front is its other half.
        return LineBreaks.Count(text) - (afterReturn && !text.IsEmpty && text[0] == '\n' ? 1 : 0);
    }
}
