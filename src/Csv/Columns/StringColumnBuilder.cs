using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;
using Apache.Arrow;
using Etl.Core.Memory;
using Etl.Csv.Dialects;

namespace Etl.Csv.Columns;

/// <summary>A column of UTF-8 text.</summary>
/// <param name="transcoded">Whether the object was transcoded, so that what is no text stands as <see cref="TextEncodings.Invalid"/>.</param>
/// <param name="nullable">Whether a value may be missing.</param>
/// <param name="nulls">Texts that mean that it is.</param>
internal sealed class StringColumnBuilder(bool transcoded, bool nullable, NullTexts nulls) : ColumnBuilder(nullable, nulls)
{
    private BatchBuffer<int>? offsets;
    private BatchBuffer<byte>? bytes;
    private int lastRows = 16, lastBytes = 1024;

    public override void Dispose()
    {
        offsets?.Dispose();
        bytes?.Dispose();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void AppendValues(in FieldText text, FieldColumn slots, int field, RowFaults faults)
    {
        var first = Rows;
        ref var ends = ref Unsafe.Add(ref MemoryMarshal.GetReference(offsets!.Span), first + 1);
        var start = offsets.Span[first];
        var end = start;
        ref var to = ref ReserveBytes(end, slots);
        for (var i = 0; i < slots.Rows; i++)
        {
            var slot = slots[i];
            var length = slot.Length;
            ref var from = ref text.At(slot);
            if (slot.IsSide || Nulls.Any)
            {
                end = AppendOdd(text, slot, ref to, end, i, field, faults);
            }
            else if (length == 0)
            {
                NoteNull(first + i, field, faults);
            }
            else if (from == text.Quote)
            {
                var inside = QuotedText.Inside(MemoryMarshal.CreateReadOnlySpan(ref from, length), (byte)text.Quote);
                end += QuotedText.Unescape(inside, (byte)text.Quote, ref Unsafe.Add(ref to, end));
            }
            else
            {
                end = CopyText(ref from, ref to, end, length);
            }
            Unsafe.Add(ref ends, i) = end;
        }
        CheckText(MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref to, start), end - start), slots.Rows, field, faults);
    }

    protected override void WriteNull(int row) => offsets!.Span[row + 1] = offsets.Span[row];

    protected override void GrowValues(int rows)
    {
        if (offsets is null)
        {
            offsets = new BatchBuffer<int>(Math.Max(rows, lastRows) + 1);
            bytes = new BatchBuffer<byte>(lastBytes);
            offsets.Span[0] = 0;
        }
        else if (rows + 1 > offsets.Length)
        {
            offsets.Grow(Math.Max(rows + 1, offsets.Length * 2));
        }
    }

    protected override void Move(int from, int to)
    {
        var ends = offsets!.Span;
        var text = bytes!.Span;
        var (start, length) = (ends[from], ends[from + 1] - ends[from]);
        text.Slice(start, length).CopyTo(text[ends[to]..]);
        ends[to + 1] = ends[to] + length;
    }

    protected override IArrowArray BuildValues(int rows, int nullCount, ArrowBuffer nullBits)
    {
        // The next batch is about as long; a little more than this one saves copying it.
        (lastRows, lastBytes) = (rows, offsets!.Span[rows] / 16 * 17 + 1024);
        var array = new StringArray(rows, offsets.Build(), bytes!.Build(), nullBits, nullCount, 0);
        (offsets, bytes) = (null, null);
        return array;
    }

    private ref byte ReserveBytes(int used, FieldColumn slots)
    {
        var need = used + FieldText.Padding;
        if (slots.MostBytes is { } most && most <= bytes!.Length - need)
            return ref MemoryMarshal.GetReference(bytes.Span);
        for (var i = 0; i < slots.Rows; i++)
            need += slots[i].Length;
        if (need > bytes!.Length)
            bytes.Grow(Math.Max(need, bytes.Length + bytes.Length / 2));
        return ref MemoryMarshal.GetReference(bytes.Span);
    }

    // Most texts are short: one or two vectors, whatever their length.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int CopyText(ref byte from, ref byte to, int end, int length)
    {
        ref var target = ref Unsafe.Add(ref to, end);
        if (length <= 32)
            Vector256.LoadUnsafe(ref from).StoreUnsafe(ref target);
        else
            MemoryMarshal.CreateReadOnlySpan(ref from, length).CopyTo(MemoryMarshal.CreateSpan(ref target, length));
        return end + length;
    }

    private int AppendOdd(in FieldText text, FieldSlot slot, ref byte to, int end, int i, int field, RowFaults faults)
    {
        var raw = text.Raw(slot);
        var quoted = text.IsQuoted(slot);
        if (quoted && !slot.IsSide)
            raw = QuotedText.Inside(raw, (byte)text.Quote);
        var length = quoted && !slot.IsSide
            ? QuotedText.Unescape(raw, (byte)text.Quote, ref Unsafe.Add(ref to, end))
            : CopyText(ref MemoryMarshal.GetReference(raw), ref to, end, raw.Length) - end;
        if ((length == 0 && !quoted) || (Nulls.Any && Nulls.Contains(MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref to, end), length))))
        {
            AppendNull(Rows + i, field, faults);
            return end;
        }
        return end + length;
    }

    // The texts of many rows together: whole text that no row starts inside a character of is text row by row.
    private void CheckText(ReadOnlySpan<byte> all, int rows, int field, RowFaults faults)
    {
        if (Ascii.IsValid(all) || (TextEncodings.IsText(all, transcoded) && (transcoded || RowsStartCharacters(all, rows))))
            return;
        for (var i = 0; i < rows; i++)
        {
            var one = all[(offsets!.Span[Rows + i] - offsets.Span[Rows])..(offsets.Span[Rows + i + 1] - offsets.Span[Rows])];
            if (!TextEncodings.IsText(one, transcoded))
                faults.Add(i, field, ValueFault.Encoding);
        }
    }

    private bool RowsStartCharacters(ReadOnlySpan<byte> all, int rows)
    {
        var starts = offsets!.Span.Slice(Rows, rows);
        foreach (var start in starts)
        {
            var at = start - starts[0];
            if (at < all.Length && (all[at] & 0xC0) == 0x80)
                return false;
        }
        return true;
    }
}
