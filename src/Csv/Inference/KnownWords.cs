using System.Text;
using Etl.Csv.Values.Formats;

namespace Etl.Csv.Inference;

/// <summary>Words that mean something in many files. Inference takes none of them for a value of another type: it names them, so that a person can.</summary>
internal static class KnownWords
{
    private const int Longest = 12;

    private static readonly (string Yes, string No)[] Pairs =
        [("yes", "no"), ("y", "n"), ("t", "f"), ("on", "off"), ("はい", "いいえ"), ("有", "無"), ("有り", "無し"), ("あり", "なし"), ("○", "×"), ("済", "未"), ("ja", "nein"), ("oui", "non"), ("是", "否")];

    private static readonly WordList Missing = new(["null", "n/a", "na", "#n/a", "nan", "none", "nil", "-", "--", "?", "\\n", "(null)", "unknown", "なし", "不明", "未定", "ー", "－", "該当なし"]);
    private static readonly byte[][] Currencies = [.. new[] { "US$", "$", "¥", "￥", "€", "£", "₩", "₹", "円", "元", "JPY", "USD", "EUR", "GBP", "CHF" }.Select(Encoding.UTF8.GetBytes)];
    private static readonly WordList[] PairLists = [.. Pairs.Select(p => new WordList([p.Yes, p.No]))];

    /// <summary>The pairs of <see cref="PairOf"/> that a text belongs to, as bits.</summary>
    public static uint PairsOf(ReadOnlySpan<byte> text)
    {
        if (text.Length > Longest)
            return 0;
        var pairs = 0u;
        for (var i = 0; i < PairLists.Length; i++)
        {
            if (PairLists[i].Contains(text))
                pairs |= 1u << i;
        }
        return pairs;
    }

    /// <summary>The pair of one of the bits.</summary>
    public static (string Yes, string No) PairOf(int bit) => Pairs[bit];

    /// <summary>Whether the text often stands for a missing value.</summary>
    public static bool IsMissing(ReadOnlySpan<byte> text) => text.Length <= Longest && Missing.Contains(text);

    /// <summary>The currency sign or code that a text starts or ends with; empty when there is none.</summary>
    public static ReadOnlySpan<byte> CurrencyOf(ReadOnlySpan<byte> text)
    {
        foreach (var sign in Currencies)
        {
            if (text.StartsWith(sign) || text.EndsWith(sign) || (text.Length > 1 && text[0] == '-' && text[1..].StartsWith(sign)))
                return sign;
        }
        return [];
    }
}
