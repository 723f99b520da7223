namespace Etl.Csv.Dialects;

/// <summary>How much some text reads like text of a language, per character that is not ASCII: about 1 for real text, below 0 for noise.</summary>
internal static class Plausibility
{
    /// <summary>Japanese: kana and common kanji speak for it, symbols, rare signs and lone half-width kana against it.</summary>
    public static double OfJapanese(string text)
    {
        double score = 0;
        var count = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c < 0x80)
                continue;
            count++;
            score += c switch
            {
                >= '\u3041' and <= '\u30FE' => 1.2,
                >= '\u4E00' and <= '\u9FFF' => 0.9,
                >= '\u3000' and <= '\u3040' => 1,
                >= '\uFF01' and <= '\uFF5E' => 0.8,
                // Enclosed and squared signs such as (株) and m2, compatibility kanji, and signs such as the full-width yen.
                >= '\u3200' and <= '\u33FF' => 0.6,
                >= '\uF900' and <= '\uFAFF' => 0.6,
                >= '\uFFE0' and <= '\uFFE6' => 0.6,
                >= '\uFF61' and <= '\uFF9F' => HalfWidth(text, i),
                >= '\u2000' and <= '\u27FF' => 0.3,
                >= '\u0370' and <= '\u04FF' => 0.1,
                _ => -2,
            };
        }
        return count == 0 ? 0 : score / count;
    }

    // Half-width kana come in words; a lone one, or one beside kanji, is a byte of another encoding. Sound marks follow only what can be voiced.
    private static double HalfWidth(string text, int i)
    {
        var before = i > 0 ? text[i - 1] : ' ';
        var after = i + 1 < text.Length ? text[i + 1] : ' ';
        if (IsKanji(before) || IsKanji(after))
            return -0.3;
        if (text[i] is '\uFF9E' or '\uFF9F')
            return before is '\uFF73' or (>= '\uFF76' and <= '\uFF84') or (>= '\uFF8A' and <= '\uFF8E') ? 1 : -2;
        if (text[i] <= '\uFF65')
            return -0.5;
        // ｶ) and (ｶ abbreviate "company" in bank files.
        return IsHalfWidth(before) || IsHalfWidth(after) || after == ')' || before == '(' ? 1 : -0.5;
    }

    private static bool IsKanji(char c) => c is >= '\u4E00' and <= '\u9FFF';

    private static bool IsHalfWidth(char c) => c is >= '\uFF61' and <= '\uFF9F';

    /// <summary>Western text in Windows-1252: a letter beside ASCII letters speaks for it, runs of such bytes against it.</summary>
    public static double OfWestern(ReadOnlySpan<byte> sample)
    {
        double score = 0;
        var count = 0;
        for (var i = 0; i < sample.Length; i++)
        {
            var b = sample[i];
            if (b < 0x80)
                continue;
            count++;
            var before = i > 0 ? sample[i - 1] : (byte)' ';
            var after = i + 1 < sample.Length ? sample[i + 1] : (byte)' ';
            if (b is 0x81 or 0x8D or 0x8F or 0x90 or 0x9D)
                score -= 3;
            else if (before >= 0x80 && after >= 0x80)
                score -= 1;
            else if (before >= 0x80 || after >= 0x80)
                score -= 0.3;
            else if (b >= 0xC0 && b is not (0xD7 or 0xF7))
                score += IsLetter(before) && IsLetter(after) ? 1.3 : IsLetter(before) || IsLetter(after) ? 1.1 : 0.3;
            else if (b == 0x92 && IsLetter(before) && IsLetter(after))
                score += 1.3;
            else
                score += b is 0x80 or 0x85 or (>= 0x91 and <= 0x97) or 0xA0 or 0xA3 or 0xA7 or 0xA9 or 0xAB or 0xAE or 0xB0 or 0xB2 or 0xB5 or 0xB7 or 0xBB ? 0.6 : 0;
        }
        return count == 0 ? 0 : score / count;
    }

    private static bool IsLetter(byte b) => (uint)((b | 0x20) - 'a') <= 25;
}
