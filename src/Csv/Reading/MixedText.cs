using System.Buffers;
using System.Text;
using Etl.Csv.Dialects;

namespace Etl.Csv.Reading;

/// <summary>Reads a row that is no UTF-8 among rows that are, when it plainly is text in another encoding: a file put together from several.</summary>
internal static class MixedText
{
    private const double Plausible = 0.5;
    private static readonly string[] Encodings = ["shift_jis", "euc-jp"];

    /// <summary>The row in UTF-8; null when no encoding, or none plainly, makes text of it.</summary>
    public static byte[]? ToUtf8(ReadOnlySpan<byte> row)
    {
        if (IsDamagedUtf8(row))
            return null;
        string? best = null;
        var score = Plausible;
        foreach (var name in Encodings)
        {
            if (Decode(row, name) is { } text && Plausibility.OfJapanese(text) is var japanese && japanese > score)
                (best, score) = (text, japanese);
        }
        if (Plausibility.OfWestern(row) > score)
            best = Decode(row, "windows-1252");
        return best is null ? null : Encoding.UTF8.GetBytes(best);
    }

    // Characters that are whole, or that begin as UTF-8 does: the row was UTF-8 once, and what is lost stays lost.
    private static bool IsDamagedUtf8(ReadOnlySpan<byte> row)
    {
        while (!row.IsEmpty)
        {
            var status = Rune.DecodeFromUtf8(row, out _, out var length);
            if (length > 1 || status == OperationStatus.NeedMoreData)
                return true;
            row = row[length..];
        }
        return false;
    }

    private static string? Decode(ReadOnlySpan<byte> row, string name)
    {
        try
        {
            return TextEncodings.Strict(name).GetString(row);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
