using System.Text;
using System.Text.Unicode;

namespace Etl.Csv.Dialects;

/// <summary>Encodings by name, the code pages of the framework included.</summary>
internal static class TextEncodings
{
    /// <summary>What stands for bytes that are no text in their encoding: a noncharacter (U+FFFF), which no text holds. The row that has it is rejected.</summary>
    public const char Invalid = '\uFFFF';

    /// <summary><see cref="Invalid"/> in UTF-8.</summary>
    public static ReadOnlySpan<byte> InvalidUtf8 => [0xEF, 0xBF, 0xBF];

    /// <summary>Whether UTF-8 is text, and was when it was transcoded.</summary>
    public static bool IsText(ReadOnlySpan<byte> utf8, bool transcoded) => transcoded ? utf8.IndexOf(InvalidUtf8) < 0 : Utf8.IsValid(utf8);

    /// <summary>The encoding called <paramref name="name"/>, which puts <see cref="Invalid"/> in place of what it cannot read; null when there is none.</summary>
    public static Encoding? Find(string name) => Find(name, new DecoderReplacementFallback(Invalid.ToString()));

    /// <summary>The encoding called <paramref name="name"/> that throws at what it cannot read.</summary>
    public static Encoding Strict(string name) =>
        Find(name, DecoderFallback.ExceptionFallback) ?? throw new ArgumentException($"No encoding is called {name}.", nameof(name));

    private static Encoding? Find(string name, DecoderFallback fallback)
    {
        var canonical = name.Trim().ToLowerInvariant() switch
        {
            "cp932" or "ms932" or "windows-31j" or "sjis" or "shift-jis" => "shift_jis",
            "eucjp" => "euc-jp",
            "utf8" => "utf-8",
            "utf16" or "utf-16le" => "utf-16",
            "cp1252" or "latin1" or "iso-8859-1" => "windows-1252",
            var other => other,
        };
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(canonical, EncoderFallback.ReplacementFallback, fallback)
                ?? Encoding.GetEncoding(canonical, EncoderFallback.ReplacementFallback, fallback);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
