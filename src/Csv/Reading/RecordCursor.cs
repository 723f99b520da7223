using CsvHelper;
using Etl.Csv.Dialects;

namespace Etl.Csv.Reading;

/// <summary>Goes through the records of an object block by block. A record that the end of a block cuts is read again with the next one, so that every record it stops at is whole and stays in memory while its block does.</summary>
internal sealed class RecordCursor : IDisposable
{
    private const int LongestFirstLine = 1024 * 1024;
    private readonly CsvReaderOptions options;
    private CsvReader? reader;
    private int used, origin;

    public RecordCursor(TextBlocks blocks, CsvDialect dialect)
    {
        Blocks = blocks;
        options = dialect.ReaderOptions(malformed => Fault = malformed.Reason) with { TrackLineNumbers = false };
    }

    /// <summary>The blocks.</summary>
    public TextBlocks Blocks { get; }

    /// <summary>The reader, on the record.</summary>
    public CsvReader Record => reader!;

    /// <summary>What is wrong with the record's quotes, if anything.</summary>
    public CsvMalformedReason? Fault { get; private set; }

    /// <summary>Where the record starts in its block.</summary>
    public int Start { get; private set; }

    /// <summary>Where it ends, its line break aside.</summary>
    public int End { get; private set; }

    /// <summary>Goes on to the next block; false when there is none.</summary>
    public async ValueTask<bool> NextBlockAsync(CancellationToken cancel)
    {
        reader?.Dispose();
        reader = null;
        if (!await Blocks.NextAsync(used, cancel).ConfigureAwait(false))
            return false;
        Open(0);
        return true;
    }

    /// <summary>Goes on to the next record of the block; false when no whole one is left in it.</summary>
    public bool Read()
    {
        Fault = null;
        if (!reader!.Read())
            return false;
        Start = origin + (int)reader.ByteOffset;
        End = Start + reader.RawRecord.Length;
        if (End < Blocks.Length || Blocks.IsLast || IsNeverClosed())
            return true;
        used = Start;
        return false;
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
        origin = position;
        reader = CsvReader.Create(Blocks.Buffer.AsMemory(position, Blocks.Length - position), options);
        used = Blocks.Length;
    }

    /// <inheritdoc/>
    public void Dispose() => reader?.Dispose();
}
