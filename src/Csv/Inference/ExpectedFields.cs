using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Etl.Csv.Columns;
using Etl.Csv.Values;

namespace Etl.Csv.Inference;

/// <summary>What the values of a column most likely are, as those before them were.</summary>
internal interface IExpectation
{
    /// <summary>Whether a text is one more of them. It has a character at least, and <see cref="FieldText.Padding"/> bytes after it may be read.</summary>
    bool Fits(ref readonly byte text, int length);
}

/// <summary>Passes over the fields of a column that are what was expected, without a call for each.</summary>
internal static class ExpectedFields
{
    /// <summary>The first row from <paramref name="row"/> on whose field may be something else.</summary>
    /// <param name="text">The text.</param>
    /// <param name="fields">The column; its fields are in the block.</param>
    /// <param name="row">The row to begin with.</param>
    /// <param name="expectation">What is expected.</param>
    /// <param name="empty">Increased by the fields passed over that are empty.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Pass<T>(in FieldText text, in FieldColumn fields, int row, ref T expectation, ref int empty)
        where T : struct, IExpectation
    {
        var quote = text.Quote;
        for (; row < fields.Rows; row++)
        {
            var slot = fields[row];
            var length = (int)slot.RawLength;
            if (length == 0)
            {
                empty++;
                continue;
            }
            ref var at = ref Unsafe.Add(ref text.Block, slot.RawStart);
            if (at == quote)
            {
                // Quotes inside are doubled: texts may keep them so, numbers and dates have none.
                if (length < 3 || Unsafe.Add(ref at, length - 1) != quote)
                    return row;
                at = ref Unsafe.Add(ref at, 1);
                length -= 2;
            }
            if (!expectation.Fits(in at, length))
                return row;
        }
        return row;
    }
}

/// <summary>Nothing: only empty fields are passed over.</summary>
internal readonly struct NoValue : IExpectation
{
    public bool Fits(ref readonly byte text, int length) => false;
}

/// <summary>Text that nobody takes for anything else.</summary>
internal readonly struct PlainText : IExpectation
{
    private static readonly SearchValues<byte> NumberSigns = SearchValues.Create("0123456789-+.,:/ TZeE%"u8);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Fits(ref readonly byte text, int length) => Is(MemoryMarshal.CreateReadOnlySpan(in text, length));

    /// <summary>Whether a text, of a character at least, does not start like a number or a date, or has signs that neither has.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Is(ReadOnlySpan<byte> text)
    {
        var first = text[0];
        // Full-width digits start with 0xEF.
        if (first >= 0x80)
            return first != 0xEF;
        return first > '9' || (first < '0' && first is not ((byte)'-' or (byte)'+' or (byte)'.' or (byte)' ')) || text.IndexOfAnyExcept(NumberSigns) >= 0;
    }
}

/// <summary>Digits with a zero in front.</summary>
internal readonly struct LeadingZeros : IExpectation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Fits(ref readonly byte text, int length) => text == '0' && length is > 1 and <= 16
        && (Vector128.GreaterThan(Vector128.LoadUnsafe(in text) - Vector128.Create((byte)'0'), Vector128.Create((byte)9)).ExtractMostSignificantBits() & ((1U << length) - 1)) == 0;
}

/// <summary>Whole numbers, decimals or both.</summary>
internal struct ShortNumbers(bool whole, bool decimals) : IExpectation
{
    /// <summary>How many were whole.</summary>
    public int Whole { get; private set; }

    /// <summary>How many had a point.</summary>
    public int Decimals { get; private set; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Fits(ref readonly byte text, int length)
    {
        var kind = ShortNumber.KindOfPadded(in text, length);
        if (kind == ValueKind.Integer && whole)
            Whole++;
        else if (kind == ValueKind.Numeric && decimals)
            Decimals++;
        else
            return false;
        return true;
    }
}

/// <summary>Days as <c>yyyy-MM-dd</c>.</summary>
internal readonly struct IsoDates : IExpectation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Fits(ref readonly byte text, int length) => length == 10 && CalendarWords.TryReadDate(in text, out _);
}

/// <summary>Days and times as <c>yyyy-MM-ddTHH:mm:ss</c>.</summary>
internal readonly struct IsoDateTimes : IExpectation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Fits(ref readonly byte text, int length) => length == 19 && CalendarWords.TryReadDateTime(in text, out _);
}

/// <summary>Instants as <c>yyyy-MM-ddTHH:mm:ssZ</c>.</summary>
internal readonly struct IsoTimestamps : IExpectation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Fits(ref readonly byte text, int length) => length == 20 && Unsafe.Add(ref Unsafe.AsRef(in text), 19) == 'Z' && CalendarWords.TryReadDateTime(in text, out _);
}
