namespace Etl.Csv.Values.Formats;

/// <summary>Full-width letters, digits and signs as Japanese text has them (U+FF01 to U+FF5E, U+3000), turned into the ASCII they stand for.</summary>
internal static class FullWidth
{
    /// <summary>The longest text that is folded; a longer one is no number and no date.</summary>
    public const int MaxLength = 256;

    /// <summary>Whether there may be something to fold.</summary>
    public static bool MayBeIn(ReadOnlySpan<byte> text) => text.IndexOfAny((byte)0xEF, (byte)0xE3) >= 0;

    /// <summary>The text in ASCII where it can be: itself when nothing is full-width, else in <paramref name="room"/>.</summary>
    public static ReadOnlySpan<byte> Fold(ReadOnlySpan<byte> text, Span<byte> room)
    {
        if (!MayBeIn(text) || text.Length > room.Length)
            return text;
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (i + 2 < text.Length && Ascii(text[i], text[i + 1], text[i + 2]) is var ascii and not 0)
            {
                room[length++] = ascii;
                i += 2;
            }
            else
            {
                room[length++] = text[i];
            }
        }
        return room[..length];
    }

    /// <summary>The same for text in a pipeline file.</summary>
    public static string Fold(string text) => string.Create(text.Length, text, static (to, from) =>
    {
        for (var i = 0; i < to.Length; i++)
            to[i] = from[i] switch
            {
                >= '\uFF01' and <= '\uFF5E' => (char)(from[i] - 0xFEE0),
                '\u3000' => ' ',
                var c => c,
            };
    });

    private static byte Ascii(byte first, byte second, byte third) => (first, second) switch
    {
        (0xEF, 0xBC) when third >= 0x81 => (byte)(third - 0x81 + '!'),
        (0xEF, 0xBD) when third <= 0x9E => (byte)(third - 0x80 + '`'),
        (0xE3, 0x80) when third == 0x80 => (byte)' ',
        _ => 0,
    };
}
