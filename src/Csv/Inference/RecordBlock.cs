using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Etl.Csv.Columns;
using Etl.Csv.Dialects;
using Etl.Csv.Reading;

namespace Etl.Csv.Inference;

/// <summary>Whole records of UTF-8 text.</summary>
/// <param name="Text">The text: the start of an array, in which <see cref="FieldText.Padding"/> bytes follow it.</param>
/// <param name="LinesBefore">Lines of the object before it.</param>
/// <param name="IsOpen">Whether a quote in it is never closed, so that only lines can be told apart.</param>
internal sealed record RecordBlock(ReadOnlyMemory<byte> Text, long LinesBefore, bool IsOpen = false)
{
    private const int Size = 256 << 10;

    /// <summary>A copy of some records, from whose first one lines are counted.</summary>
    public static RecordBlock Of(ReadOnlyMemory<byte> records)
    {
        var copy = new byte[records.Length + FieldText.Padding];
        records.CopyTo(copy);
        return new RecordBlock(copy.AsMemory(0, records.Length), LinesBefore: 0);
    }

    /// <summary>Gives the memory of a block of <see cref="ReadAsync"/> back.</summary>
    public void Return()
    {
        if (MemoryMarshal.TryGetArray(Text, out var array))
            ArrayPool<byte>.Shared.Return(array.Array!);
    }

    /// <summary>Cuts what is left of <paramref name="source"/> into blocks, each to be returned.</summary>
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
        var capacity = Size;
        var buffer = Rent(capacity);
        var length = 0;
        for (var ended = false; !ended;)
        {
            var read = await source.ReadAtLeastAsync(buffer.AsMemory(length..capacity), capacity - length, throwOnEndOfStream: false, cancel).ConfigureAwait(false);
            ended = length + read < capacity;
            length += read;
            var whole = cutter.WholeRecords(buffer.AsSpan(0, length));
            if (whole == 0 && !ended && length < CsvReaders.MaxRecordBytes)
            {
                capacity *= 2;
                buffer = Enlarge(buffer, length, capacity);
                continue;
            }
            // A record beyond the limit has a quote that is never closed.
            var isOpen = ended ? endsWhole && cutter.EndsInQuotes : whole == 0;
            if (isOpen && !ended)
                whole = buffer.AsSpan(0, length).LastIndexOf((byte)'\n') + 1 is var line and > 0 ? line : length;
            else if (ended && (endsWhole || (!any && whole == 0)))
                whole = length;
            var full = buffer;
            capacity = Math.Max(Size, (int)BitOperations.RoundUpToPowerOf2((uint)(length - whole)));
            buffer = Rent(capacity);
            full.AsSpan(whole, length - whole).CopyTo(buffer);
            length -= whole;
            var block = new RecordBlock(full.AsMemory(0, whole), lines, isOpen);
            lines += LineBreaks.Count(block.Text.Span);
            any = any || whole > 0;
            if (whole > 0)
                yield return block;
            else
                block.Return();
        }
        ArrayPool<byte>.Shared.Return(buffer);
    }

    private static byte[] Rent(int capacity) => ArrayPool<byte>.Shared.Rent(capacity + FieldText.Padding);

    private static byte[] Enlarge(byte[] buffer, int length, int capacity)
    {
        var larger = Rent(capacity);
        buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }
}
