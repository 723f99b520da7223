using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;
using Etl.Core.Memory;

namespace Etl.Formats.Parquet;

/// <summary>The distinct texts of a column, numbered in the order they come: the writer takes them with the numbers as they are, and hashes nothing itself.</summary>
internal sealed class TextDictionary
{
    // A dictionary page of more is given up by the writer.
    private const int MaxBytes = 1 << 20;
    private const int MaxTexts = 1 << 16;
    private int[] slots = new int[1024];
    private Text[] texts = new Text[256];
    private int count;
    private byte[] bytes = new byte[4096];
    private int used;

    /// <summary>The type of a column so written.</summary>
    public static DictionaryType Type { get; } = new(Int32Type.Default, StringType.Default, ordered: false);

    /// <summary>A column as numbers and distinct texts; null when there are too many of them.</summary>
    public static DictionaryArray? TryConvert(IReadOnlyList<StringArray> chunks)
    {
        var rows = chunks.Sum(c => c.Length);
        var dictionary = new TextDictionary();
        using var indices = new BatchBuffer<int>(rows);
        using var nulls = new NullBits(rows);
        var to = indices.Span;
        foreach (var chunk in chunks)
        {
            nulls.Append(chunk);
            if (!dictionary.TryNumber(chunk, to))
                return null;
            to = to[chunk.Length..];
        }
        return new DictionaryArray(Type, new Int32Array(indices.Build(), nulls.Build(), rows, nulls.NullCount, 0), dictionary.Build());
    }

    // What number stands under a missing value is nobody's to read.
    private bool TryNumber(StringArray column, Span<int> indices)
    {
        var ends = column.ValueOffsets;
        var text = column.ValueBuffer.Span;
        var valid = column.NullCount > 0 ? column.NullBitmapBuffer.Span : [];
        for (var row = 0; row < column.Length; row++)
        {
            var value = text[ends[row]..ends[row + 1]];
            indices[row] = value.IsEmpty && !valid.IsEmpty && !BitUtility.GetBit(valid, column.Offset + row) ? 0 : NumberOf(value);
        }
        return count <= MaxTexts && used <= MaxBytes;
    }

    private int NumberOf(ReadOnlySpan<byte> text)
    {
        var hash = Hash(text);
        var mask = slots.Length - 1;
        for (var at = (int)hash & mask; ; at = at + 1 & mask)
        {
            var number = slots[at] - 1;
            if (number < 0)
                return Add(text, hash, at);
            ref var known = ref texts[number];
            if (known.Hash == hash && text.SequenceEqual(bytes.AsSpan(known.Start, known.Length)))
                return number;
        }
    }

    private int Add(ReadOnlySpan<byte> text, ulong hash, int slot)
    {
        if (used + text.Length > bytes.Length)
            System.Array.Resize(ref bytes, (used + text.Length) * 2);
        if (count == texts.Length)
            System.Array.Resize(ref texts, count * 4);
        text.CopyTo(bytes.AsSpan(used));
        texts[count] = new Text(hash, used, text.Length);
        used += text.Length;
        slots[slot] = ++count;
        if (count * 2 > slots.Length)
            Grow();
        return count - 1;
    }

    private void Grow()
    {
        slots = new int[slots.Length * 4];
        var mask = slots.Length - 1;
        for (var number = 0; number < count; number++)
        {
            var at = (int)texts[number].Hash & mask;
            while (slots[at] != 0)
                at = at + 1 & mask;
            slots[at] = number + 1;
        }
    }

    private static ulong Hash(ReadOnlySpan<byte> text)
    {
        if (text.Length is < 8 or > 16)
            return text.Length < 8 ? Mix(Short(text), (ulong)text.Length) : XxHash3.HashToUInt64(text);
        ref var start = ref MemoryMarshal.GetReference(text);
        return Mix(Unsafe.ReadUnaligned<ulong>(ref start), Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, text.Length - 8)) + (ulong)text.Length);
    }

    private static ulong Short(ReadOnlySpan<byte> text)
    {
        ref var start = ref MemoryMarshal.GetReference(text);
        if (text.Length >= 4)
            return Unsafe.ReadUnaligned<uint>(ref start) | (ulong)Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref start, text.Length - 4)) << 32;
        return text.Length == 0 ? 0 : text[0] | (ulong)text[text.Length / 2] << 8 | (ulong)text[^1] << 16;
    }

    private static ulong Mix(ulong a, ulong b)
    {
        var high = Math.BigMul(a ^ 0x9E3779B97F4A7C15, b ^ 0xC2B2AE3D27D4EB4F, out var low);
        return high ^ low;
    }

    private StringArray Build()
    {
        // The number of a missing value points at the first text, so that there has to be one.
        if (count == 0)
            Add([], 0, 0);
        using var ends = new BatchBuffer<int>(count + 1);
        for (var number = 0; number < count; number++)
            ends.Span[number] = texts[number].Start;
        ends.Span[count] = used;
        using var text = new BatchBuffer<byte>(Math.Max(1, used));
        bytes.AsSpan(0, used).CopyTo(text.Span);
        return new StringArray(count, ends.Build(), text.Build(), ArrowBuffer.Empty, 0, 0);
    }

    // Where one stands in the bytes of all.
    private readonly record struct Text(ulong Hash, int Start, int Length);
}
