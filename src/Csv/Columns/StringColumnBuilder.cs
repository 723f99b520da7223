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

    protected override void AppendValues(in FieldText text, FieldColumn fields, int field, RowFaults faults)
    {
        ref var ends = ref Unsafe.Add(ref MemoryMarshal.GetReference(offsets!.Span), Rows + 1);
        var start = offsets.Span[Rows];
        var end = start;
        ref var to = ref ReserveBytes(end, fields);
        for (var i = 0; i < fields.Rows; i++)
        {
            if (!Nulls.Any && (i = AppendPlain(text, fields, i, ref to, ref ends, ref end)) == fields.Rows)
                break;
            end = AppendOdd(text, fields[i], ref to, end, i, field, faults);
            Unsafe.Add(ref ends, i) = end;
        }
        CheckText(MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref to, start), end - start), fields.Rows, field, faults);
    }

    // Texts as they stand or in quotes, and missing ones, where no text means missing: nearly all there are. Without a call, so that what changes from text to text stays in registers. Returns the first row that is none of these.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int AppendPlain(FieldText text, FieldColumn fields, int i, ref byte to, ref int ends, ref int end)
    {
        var at = end;
        for (; i < fields.Rows; i++)
        {
            var slot = fields[i];
            var length = slot.Length;
            if (slot.IsSide || (length == 0 && !TryMarkNull(Rows + i)))
                break;
            ref var from = ref text.At(slot);
            ref var target = ref Unsafe.Add(ref to, at);
            if (from != text.Quote || length == 0)
            {
                for (nuint copied = 0; copied < (nuint)length; copied += (nuint)Vector256<byte>.Count)
                    Vector256.LoadUnsafe(ref from, copied).StoreUnsafe(ref target, copied);
                at += length;
            }
            else
            {
                at += QuotedText.UnescapeRaw(ref from, length, (byte)text.Quote, ref target);
            }
            Unsafe.Add(ref ends, i) = at;
        }
        end = at;
        return i;
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

    private ref byte ReserveBytes(int used, FieldColumn fields)
    {
        var need = used + FieldText.Padding;
        if (fields.MostBytes is { } most && most <= bytes!.Length - need)
            return ref MemoryMarshal.GetReference(bytes.Span);
        for (var i = 0; i < fields.Rows; i++)
            need += fields[i].Length;
        if (need > bytes!.Length)
            bytes.Grow(Math.Max(need, bytes.Length + bytes.Length / 2));
        return ref MemoryMarshal.GetReference(bytes.Span);
    }

    private int AppendOdd(in FieldText text, FieldSlot slot, ref byte to, int end, int i, int field, RowFaults faults)
    {
        var raw = text.Raw(slot);
        var quoted = text.IsQuoted(slot);
        if (quoted && !slot.IsSide)
            raw = QuotedText.Inside(raw, (byte)text.Quote);
        ref var target = ref Unsafe.Add(ref to, end);
        var length = raw.Length;
        if (quoted && !slot.IsSide)
            length = QuotedText.Unescape(raw, (byte)text.Quote, ref target);
        else
            raw.CopyTo(MemoryMarshal.CreateSpan(ref target, length));
        if ((length == 0 && !quoted) || (Nulls.Any && Nulls.Contains(MemoryMarshal.CreateReadOnlySpan(ref target, length))))
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
