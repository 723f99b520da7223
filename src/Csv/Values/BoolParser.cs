using System.Text;

namespace Etl.Csv.Values;

/// <summary><c>true</c> and <c>false</c> in any case, and nothing else.</summary>
internal static class BoolParser
{
    /// <summary>Parses all of <paramref name="text"/>, spaces around it aside.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out bool value)
    {
        text = AsciiText.Trim(text);
        value = Ascii.EqualsIgnoreCase(text, "true"u8);
        return value || Ascii.EqualsIgnoreCase(text, "false"u8);
    }
}
