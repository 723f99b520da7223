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
    private bool afterReturn;

    // A place of the block whose line is known.
    private int counted;
    private long countedLine = firstLine;

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
        countedLine--;
        afterReturn = false;
    }

    /// <summary>The 1-based line that the byte at <paramref name="position"/> of the block is on.</summary>
    public long LineOf(int position) => position < counted ? countedLine - LineBreaksIn(position, counted) : countedLine + LineBreaksIn(counted, position);

    /// <summary>Counts lines as far as <paramref name="position"/>: cheapest when that text is about to be read anyhow.</summary>
    public void CountTo(int position) => (countedLine, counted) = (LineOf(position), position);

    private void Use(int used)
    {
        CountTo(used);
        counted = 0;
        if (used > 0)
            afterReturn = buffer[used - 1] == '\r';
        Offset += used;
        length -= used;
        buffer.AsSpan(used, length).CopyTo(buffer);
    }

    private void Grow()
    {
        if (length >= CsvReaders.MaxRecordBytes)
            throw new DataException($"{name} has a record that does not end within {CsvReaders.MaxRecordBytes >> 20} MiB (line {countedLine}): most likely a quote that is never closed. Mend the object, or state csv: quote: none if quotes are text there.");
        Array.Resize(ref buffer, Math.Min(CsvReaders.MaxRecordBytes, length * 2) + Spare);
    }

    private int LineBreaksIn(int start, int end)
    {
        // A CR that ended the text before was counted; an LF at the front is its other half.
        var text = buffer.AsSpan(start..end);
        return LineBreaks.Count(text) - (!text.IsEmpty && text[0] == '\n' && (start == 0 ? afterReturn : buffer[start - 1] == '\r') ? 1 : 0);
    }
}
