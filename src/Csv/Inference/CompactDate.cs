using Etl.Csv.Values.Formats;

namespace Etl.Csv.Inference;

/// <summary>Days written as eight digits. They are whole numbers too, and stay that unless a person says otherwise.</summary>
internal static class CompactDate
{
    /// <summary>The pattern to declare.</summary>
    public const string Pattern = "yyyyMMdd";

    private static readonly DatePattern Days = new(Pattern);

    /// <summary>Whether the text is a day of the years 1800 to 2199.</summary>
    public static bool Is(ReadOnlySpan<byte> text) => text.Length == 8 && text[0] is (byte)'1' or (byte)'2' && text[1] is (byte)'8' or (byte)'9' or (byte)'0' or (byte)'1' && Days.TryParse(text, out _);
}
