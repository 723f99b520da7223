using System.Buffers;
using System.Runtime.CompilerServices;
using Etl.Csv.Dialects;
using Etl.Csv.Reading;

namespace Etl.Csv.Inference;

/// <summary>Whole records of UTF-8 text, in rented memory.</summary>
/// <param name="Buffer">The memory; whoever reads the block returns it to <see cref="ArrayPool{T}.Shared"/>.</param>
/// <param name="Length">How much of it is text.</param>
/// <param name="LinesBefore">Lines of the object before it.</param>
internal readonly record struct RecordBlock(byte[] Buffer, int Length, long LinesBefore)
{
    private const int Size = 1 << 20;

    /// <summary>The text.</summary>
    public ReadOnlyMemory<byte> Text => Buffer.AsMemory(0, Length);

    /// <summary>Cuts what is left of <paramref name="source"/> into blocks.</summary>
    /// <param name="source">Text that starts with a record.</param>
    /// <param name="dialect">How it is written.</param>
    /// <param name="endsWhole">Whether the text's last record is whole; if not, it is left out unless it is the only one.</param>
    /// <param name="linesBefore">Lines of the object before <paramref name="source"/>.</param>
    /// <param name="cancel">Stops between blocks.</param>
    public static async IAsyncEnumerable<RecordBlock> ReadAsync(Utf8Source source, CsvDialect dialect, bool endsWhole, long linesBefore, [EnumeratorCancellation] CancellationToken cancel)
    {
        var cutter = new RecordCutter(dialect);
        var lines = linesBefore;
        var any = false;
        var buffer = ArrayPool<byte>.Shared.Rent(Size);
        var length = 0;
        while (true)
        {
            var read = await source.ReadAtLeastAsync(buffer.AsMemory(length), buffer.Length - length, throwOnEndOfStream: false, cancel).ConfigureAwait(false);
            var ended = length + read < buffer.Length;
            length += read;
            var whole = cutter.WholeRecords(buffer.AsSpan(0, length));
            if (ended && (endsWhole || (!any && whole == 0)))
                whole = length;
            if (whole == 0 && !ended && length <= CsvReaders.MaxRecordBytes)
            {
                buffer = Enlarge(buffer, length);
                continue;
            }
            // A record beyond the limit is handed over as it is: the reader says what is wrong with it.
            if (whole == 0 && !ended)
                whole = length;
            var block = new RecordBlock(buffer, whole, lines);
            lines += TextLines.CountIn(block.Text.Span);
            buffer = ArrayPool<byte>.Shared.Rent(Math.Max(Size, length - whole));
            block.Buffer.AsSpan(whole, length - whole).CopyTo(buffer);
            length -= whole;
            any = any || whole > 0;
            if (whole > 0)
                yield return block;
            else
                ArrayPool<byte>.Shared.Return(block.Buffer);
            if (ended)
                break;
        }
        ArrayPool<byte>.Shared.Return(buffer);
    }

    private static byte[] Enlarge(byte[] buffer, int length)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }
}
