using System.Text;

namespace Etl.Csv.Values.Formats;

/// <summary>Rewrites numbers with other decimal and grouping signs, currency and unit signs as plain ones, which the plain parsers read. Nothing is rounded or guessed: groups must be of three digits.</summary>
internal sealed class NumberText
{
    /// <summary>The longest number.</summary>
    public const int MaxLength = FullWidth.MaxLength;

    private readonly byte[] point;
    private readonly byte[]? grouping;
    private readonly byte[][] strip;

    /// <param name="decimalSign">What stands before the fraction; null for a point.</param>
    /// <param name="groupingSign">What may stand between groups of three digits; a space also means the no-break spaces.</param>
    /// <param name="strip">Texts before or after the number that are dropped.</param>
    public NumberText(string? decimalSign, string? groupingSign, IReadOnlyList<string>? strip)
    {
        point = Encoding.UTF8.GetBytes(decimalSign ?? ".");
        grouping = groupingSign is null ? null : Encoding.UTF8.GetBytes(groupingSign);
        // The longest first, so that "US$" is not taken for "$". The text is folded, and the yen sign has two forms.
        this.strip = [.. (strip ?? []).Select(FullWidth.Fold).SelectMany(s => s is "¥" or "￥" ? ["¥", "￥"] : new[] { s }).Where(s => s.Length > 0).Distinct().OrderByDescending(s => s.Length).Select(Encoding.UTF8.GetBytes)];
    }

    /// <summary>The plain number that <paramref name="text"/> stands for, in <paramref name="room"/>; false when it is none.</summary>
    /// <param name="text">The field.</param>
    /// <param name="room"><see cref="MaxLength"/> bytes.</param>
    /// <param name="plain">The number.</param>
    public bool TryRewrite(ReadOnlySpan<byte> text, Span<byte> room, out ReadOnlySpan<byte> plain)
    {
        plain = default;
        if (!FullWidth.MayBeIn(text))
            return TryRewriteFolded(text, room, out plain);
        Span<byte> folded = stackalloc byte[FullWidth.MaxLength];
        return TryRewriteFolded(FullWidth.Fold(text, folded), room, out plain);
    }

    private bool TryRewriteFolded(scoped ReadOnlySpan<byte> text, Span<byte> room, out ReadOnlySpan<byte> plain)
    {
        plain = default;
        text = AsciiText.Trim(text);
        if (text.Length is 0 or >= MaxLength)
            return false;
        var length = 0;
        var negative = false;
        if (text[0] == '(' && text[^1] == ')')
        {
            // Accountants' minus.
            negative = true;
            text = text[1..^1];
        }
        // A sign may stand on either side of a currency sign, once.
        for (var changed = true; changed;)
        {
            changed = StripEnds(ref text);
            if (!negative && TakeMinus(ref text))
                changed = negative = true;
        }
        if (negative)
            room[length++] = (byte)'-';
        if (!TryCopyWhole(ref text, room, ref length))
            return false;
        if (!text.IsEmpty)
        {
            if (!text.StartsWith(point))
                return false;
            text = text[point.Length..];
            room[length++] = (byte)'.';
            text.CopyTo(room[length..]);
            length += text.Length;
        }
        plain = room[..length];
        return true;
    }

    private bool StripEnds(ref ReadOnlySpan<byte> text)
    {
        foreach (var known in strip)
        {
            if (text.StartsWith(known))
                text = text[known.Length..];
            else if (text.EndsWith(known))
                text = text[..^known.Length];
            else
                continue;
            text = AsciiText.Trim(text);
            return true;
        }
        return false;
    }

    // The sign of subtraction, and the triangles of Japanese accounts.
    private static bool TakeMinus(ref ReadOnlySpan<byte> text)
    {
        var length = text.StartsWith("-"u8) ? 1 : text.StartsWith("−"u8) || text.StartsWith("△"u8) || text.StartsWith("▲"u8) ? 3 : 0;
        text = text[length..];
        if (length > 0)
            text = AsciiText.Trim(text);
        return length > 0;
    }

    private bool TryCopyWhole(ref ReadOnlySpan<byte> text, Span<byte> room, ref int length)
    {
        var grouped = false;
        var group = 0;
        while (true)
        {
            if (text.Length > 0 && AsciiText.IsDigit(text[0]))
            {
                room[length++] = text[0];
                text = text[1..];
                group++;
                continue;
            }
            var sign = GroupingLength(text);
            if (sign == 0 || sign >= text.Length || !AsciiText.IsDigit(text[sign]))
                break;
            if (group == 0 || (grouped ? group != 3 : group > 3))
                return false;
            text = text[sign..];
            (grouped, group) = (true, 0);
        }
        return !grouped || group == 3;
    }

    private int GroupingLength(ReadOnlySpan<byte> text)
    {
        if (grouping is null)
            return 0;
        if (text.StartsWith(grouping))
            return grouping.Length;
        return grouping is [(byte)' '] ? (text.StartsWith("\u00A0"u8) ? 2 : text.StartsWith("\u202F"u8) ? 3 : 0) : 0;
    }
}
