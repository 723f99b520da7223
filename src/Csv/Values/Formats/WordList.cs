using System.Text;

namespace Etl.Csv.Values.Formats;

/// <summary>A few texts to compare fields with, spaces around them aside, ASCII letters in any case.</summary>
internal sealed class WordList(IReadOnlyList<string>? words)
{
    private readonly byte[][] words = [.. (words ?? []).Select(Encoding.UTF8.GetBytes)];

    /// <summary>Whether there is none.</summary>
    public bool IsEmpty => words.Length == 0;

    /// <summary>Whether <paramref name="text"/> is one of them.</summary>
    public bool Contains(ReadOnlySpan<byte> text)
    {
        text = AsciiText.Trim(text);
        foreach (var word in words)
        {
            if (word.Length == text.Length && (text.SequenceEqual(word) || Ascii.EqualsIgnoreCase(text, word)))
                return true;
        }
        return false;
    }
}
