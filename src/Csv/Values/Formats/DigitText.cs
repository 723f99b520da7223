namespace Etl.Csv.Values.Formats;

/// <summary>Takes short whole numbers from the front of a text.</summary>
internal static class DigitText
{
    /// <summary>Takes from <paramref name="least"/> to <paramref name="most"/> digits, as many as there are.</summary>
    public static bool TryTake(ref ReadOnlySpan<byte> text, int least, int most, out int value)
    {
        value = 0;
        var taken = 0;
        for (; taken < most && taken < text.Length && AsciiText.IsDigit(text[taken]); taken++)
            value = value * 10 + (text[taken] - '0');
        text = text[taken..];
        return taken >= least;
    }
}
