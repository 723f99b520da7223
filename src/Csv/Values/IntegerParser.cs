namespace Etl.Csv.Values;

/// <summary>Whole numbers: an optional minus and digits without a leading zero, which a number would lose.</summary>
internal static class IntegerParser
{
    /// <summary>Parses all of <paramref name="text"/>, spaces around it aside.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out long value)
    {
        text = AsciiText.Trim(text);
        value = 0;
        var negative = text.Length > 0 && text[0] == '-';
        if (negative)
            text = text[1..];
        if ((uint)(text.Length - 1) >= 19)
            return false;
        if (text[0] == '0')
            return text.Length == 1;
        ulong magnitude = 0;
        foreach (var b in text)
        {
            var digit = (uint)(b - '0');
            if (digit > 9)
                return false;
            magnitude = magnitude * 10 + digit;
        }
        if (magnitude > (ulong)long.MaxValue + (negative ? 1UL : 0UL))
            return false;
        value = negative ? (long)(0 - magnitude) : (long)magnitude;
        return true;
    }
}
