namespace Etl.Csv.Values;

/// <summary>What the parsers of values share about ASCII text.</summary>
internal static class AsciiText
{
    /// <summary>The text without the spaces around it.</summary>
    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text)
    {
        if (text.Length == 0 || (text[0] != ' ' && text[^1] != ' '))
            return text;
        return text.Trim((byte)' ');
    }

    /// <summary>Whether the byte is an ASCII digit.</summary>
    public static bool IsDigit(byte b) => (uint)(b - '0') <= 9;
}
