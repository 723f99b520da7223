using System.Buffers;
using Etl.Csv.Values.Formats;

namespace Etl.Csv.Inference;

/// <summary>How numbers with commas may be read: <c>1,234</c> is one thousand and more where commas group, and one and a bit where they are decimal.</summary>
[Flags]
internal enum NumberReading
{
    /// <summary>In no way.</summary>
    None = 0,

    /// <summary>Commas group, a point is decimal.</summary>
    GroupingComma = 1,

    /// <summary>A comma is decimal, points group.</summary>
    DecimalComma = 2,

    /// <summary>Either.</summary>
    Both = GroupingComma | DecimalComma,
}

/// <summary>Reads numbers that are not plain, by the very rewriter that would fill the column.</summary>
internal static class NumberReadings
{
    private static readonly SearchValues<byte> Signs = SearchValues.Create("-0123456789,."u8);
    private static readonly NumberText GroupingComma = new(".", ",", null);
    private static readonly NumberText DecimalComma = new(",", ".", null);
    private static readonly NumberText Spaced = new(",", " ", null);
    private static readonly NumberText Plain = new(null, null, null);

    /// <summary>What an ASCII text that is no plain number could be.</summary>
    /// <param name="text">The text.</param>
    /// <param name="grouping">Its kind where commas group.</param>
    /// <param name="decimalComma">Its kind where a comma is decimal.</param>
    public static NumberReading Read(ReadOnlySpan<byte> text, out ValueKind grouping, out ValueKind decimalComma)
    {
        grouping = decimalComma = ValueKind.Text;
        if (text.Length > NumberText.MaxLength / 2 || text.IndexOfAny((byte)',', (byte)'.') < 0 || text.IndexOfAnyExcept(Signs) >= 0)
            return NumberReading.None;
        grouping = KindOf(GroupingComma, text);
        decimalComma = KindOf(DecimalComma, text);
        return (grouping == ValueKind.Text ? 0 : NumberReading.GroupingComma) | (decimalComma == ValueKind.Text ? 0 : NumberReading.DecimalComma);
    }

    /// <summary>Whether the text is a number in full-width digits.</summary>
    public static bool IsFullWidth(ReadOnlySpan<byte> text) => text[0] == 0xEF && (KindOf(Plain, text) != ValueKind.Text || KindOf(GroupingComma, text) != ValueKind.Text);

    /// <summary>Whether the text is a number with spaces between groups of three digits.</summary>
    public static bool IsSpaced(ReadOnlySpan<byte> text) => text.IndexOfAny((byte)' ', (byte)0xC2, (byte)0xE2) > 0 && KindOf(Spaced, text) != ValueKind.Text;

    private static ValueKind KindOf(NumberText numbers, ReadOnlySpan<byte> text)
    {
        Span<byte> room = stackalloc byte[NumberText.MaxLength];
        if (!numbers.TryRewrite(text, room, out var plain))
            return ValueKind.Text;
        return ValueClassifier.ClassifyNumber(plain) is var kind and (ValueKind.Integer or ValueKind.Numeric or ValueKind.BigNumeric) ? kind : ValueKind.Text;
    }
}
