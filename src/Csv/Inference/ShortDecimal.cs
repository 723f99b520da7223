using Etl.Csv.Values;

namespace Etl.Csv.Inference;

/// <summary>The decimals that most columns of money and measures hold, told in one pass.</summary>
internal static class ShortDecimal
{
    /// <summary>Whether <paramref name="text"/> is a plain decimal with a point and at most nine digits after it.</summary>
    /// <param name="text">At most 15 bytes, so that the digits before the point are few enough for NUMERIC.</param>
    public static bool Is(ReadOnlySpan<byte> text)
    {
        var i = text.Length > 0 && text[0] == '-' ? 1 : 0;
        var start = i;
        while (i < text.Length && AsciiText.IsDigit(text[i]))
            i++;
        if (i == start || i == text.Length || text[i] != '.' || (text[start] == '0' && i - start > 1))
            return false;
        var fraction = text.Length - i - 1;
        if (fraction is 0 or > 9)
            return false;
        for (i++; i < text.Length; i++)
        {
            if (!AsciiText.IsDigit(text[i]))
                return false;
        }
        return true;
    }
}
