using CsvHelper;
using Etl.Csv.Dialects;

namespace Etl.Csv.Reading;

/// <summary>Goes through the records of an object block by block. A record that the end of a block cuts is read again with the next one, so that every record it stops at is whole and stays in memory while its block does.</summary>
internal sealed class RecordCursor : IDisposable
{
    private const int LongestFirstLine = 1024 * 1024;
    private readonly CsvReaderOptions options;
    private CsvReader? reader;
    private long lastStart = long.MaxValue;
    private int used;

    /// <param name="blocks">The text.</param>
    /// <param name="dialect">How it is written.</param>
    /// <param name="used">Bytes of the block that is open already that come before the first record.</param>
    public RecordCursor(TextBlocks blocks, CsvDialect dialect, int used = 0)
    {
        Blocks = blocks;
        this.used = used;
        options = dialect.ReaderOptions(malformed => Fault = malformed.Reason) with { TrackLineNumbers = false };
    }

    /// <summary>The blocks.</summary>
    public TextBlocks Blocks { get; }

    /// <summary>The reader, on the record.</summary>
    public CsvReader Record => reader!;

    /// <summary>What is wrong with the record's quotes, if anything.</summary>
    public CsvMalformedReason? Fault { get; private set; }

    /// <summary>Whether the record starts too late to be one of this cursor's: it is not read, nor is any after it.</summary>
    public bool IsPastEnd { get; private set; }

    /// <summary>Where the first record starts in the text; null before it is read.</summary>
    public long? FirstStart { get; private set; }

    /// <summary>Where the record starts in its block.</summary>
    public int Start { get; private set; }

    /// <summary>Where it ends, its line break aside.</summary>
    public int End { get; private set; }

    /// <summary>Lets the last record be one that starts at <paramref name="place"/> of the text, or the last one before.</summary>
    public void EndAt(long place) => lastStart = place;

    /// <summary>Goes on to the next block; false when there is none.</summary>
    /// <exception cref="Core.Errors.DataException">The object cannot be read on.</exception>
    public async ValueTask<bool> NextBlockAsync(string name, CancellationToken cancel)
    {
        reader?.Dispose();
        reader = null;
        try
        {
            if (!await Blocks.NextAsync(used, cancel).ConfigureAwait(false))
                return false;
        }
        catch (CsvFormatException e)
        {
            throw UnreadableRecord.Explain(e, name, Blocks.LineOf(Start));
        }
        Open(0);
        return true;
    }

    /// <summary>Goes on to the next record, in this block or a later one; false when there is none.</summary>
    public async ValueTask<bool> ReadAsync(string name, CancellationToken cancel)
    {
        // A record may be longer than a block.
        while (reader is null || !Read())
        {
            if (IsPastEnd || !await NextBlockAsync(name, cancel).ConfigureAwait(false))
                return false;
        }
        return true;
    }

    /// <summary>Goes on to the next record of the block; false when no whole one is left in it.</summary>
    public bool Read()
    {
        Fault = null;
        // Where the first record past the end starts is what the next part is held against: it must not move.
        if (IsPastEnd || !reader!.Read())
            return false;
        // The reader's buffer is the block's.
        var index = RecordIndex.Of(reader);
        Start = RecordIndex.PlaceOf(index[0]);
        FirstStart ??= Blocks.Offset + Start;
        IsPastEnd = Blocks.Offset + Start > lastStart;
        if (IsPastEnd)
            return false;
        End = RecordIndex.PlaceOf(index[^1]) - 1;
        if (End < Blocks.Length || Blocks.IsLast || IsNeverClosed())
            return true;
        used = Start;
        return false;
    }

    /// <summary>The next records that lie alike, have <paramref name="fields"/> fields and nothing wrong with their quotes; none when the next record is another, or the block's last.</summary>
    public RecordRun Ahead(int fields, int most)
    {
        var run = IsPastEnd ? default : RecordIndex.Ahead(reader!, fields, most);
        // The last record of a block may go on in the next one.
        if (run.Rows > 0 && run.Span(run.Rows - 1).End >= Blocks.Length)
            run = run.To(run.Rows - 1);
        while (run.Rows > 0 && Blocks.Offset + run.Span(run.Rows - 1).Start > lastStart)
            run = run.To(run.Rows - 1);
        return run;
    }

    /// <summary>Goes on to the last of the records that are ahead.</summary>
    public void Pass(RecordRun run)
    {
        RecordIndex.Pass(reader!, run);
        FirstStart ??= Blocks.Offset + run.Span(0).Start;
        (Start, End) = run.Span(run.Rows - 1);
        Fault = null;
    }

    /// <summary>Ends the record that the cursor is on after <paramref name="length"/> bytes; what follows is read anew.</summary>
    public void CutTo(int length)
    {
        if (Start + length == End)
            return;
        End = Start + length;
        var next = End;
        if (next + 1 < Blocks.Length && Blocks.Buffer[next] == '\r' && Blocks.Buffer[next + 1] == '\n')
            next++;
        reader?.Dispose();
        Open(Math.Min(next + 1, Blocks.Length));
    }

    // A quote that nothing closes within the largest record, while lines go on: it costs its own line, not the object.
    private bool IsNeverClosed() =>
        Fault == CsvMalformedReason.UnterminatedQuote && Start == 0 && Blocks.Length >= CsvReaders.MaxRecordBytes
        && Blocks.Buffer.AsSpan(0, LongestFirstLine).IndexOfAny((byte)'\r', (byte)'\n') >= 0;

    private void Open(int position)
    {
        // Behind a line end the reader sees no byte order mark.
        if (RecordReaders.MayCopy(Blocks.Buffer.AsSpan(position..Blocks.Length)))
        {
            if (position == 0)
                Blocks.StartWithEmptyLine();
            else if (Blocks.Buffer[position - 1] is (byte)'\r' or (byte)'\n')
                position--;
        }
        reader = CsvReader.Create(Blocks.Buffer.AsMemory(position, Blocks.Length - position), options);
        used = Blocks.Length;
    }

    /// <inheritdoc/>
    public void Dispose() => reader?.Dispose();
}
